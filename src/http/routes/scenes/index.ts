/** All routes about what is in a picture. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Catalog } from "../../../catalog/catalog.ts";
import type { CompletionService } from "../../completion-service.ts";
import type { AppEnv } from "../../context.ts";
import type { SceneService } from "../../scene-service.ts";
import { completeTheLook } from "./complete-the-look.ts";
import { detect } from "./detect.ts";
import { shopTheLook } from "./shop-the-look.ts";

export interface SceneRouteOptions {
  /** Where a detector is deployed: one for each revision of the picture model, the current one first. */
  readonly scenes: readonly SceneService[];
  /** Where a compatibility head and its backbone are deployed, the current one first. */
  readonly completions: readonly CompletionService[];
  /** Without one, objects are found but no products. */
  readonly catalog: Catalog | undefined;
}

export function sceneRoutes(
  app: OpenAPIHono<AppEnv>,
  { scenes, completions, catalog }: SceneRouteOptions,
): void {
  const [current] = scenes;
  if (current) detect(app, current);
  if (!catalog) return;
  if (current) shopTheLook(app, { scenes, catalog });
  if (completions.length > 0) completeTheLook(app, { completions, catalog, scenes: current });
}
