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
  /** Where a detector is deployed. */
  readonly scenes: SceneService | undefined;
  /** Where a compatibility head and its backbone are deployed. */
  readonly completions: CompletionService | undefined;
  /** Without one, objects are found but no products. */
  readonly catalog: Catalog | undefined;
}

export function sceneRoutes(
  app: OpenAPIHono<AppEnv>,
  { scenes, completions, catalog }: SceneRouteOptions,
): void {
  if (scenes) detect(app, scenes);
  if (!catalog) return;
  if (scenes) shopTheLook(app, { scenes, catalog });
  if (completions) completeTheLook(app, { completions, catalog, scenes });
}
