/** All routes about what is in a picture. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Catalog } from "../../../catalog/catalog.ts";
import type { AppEnv } from "../../context.ts";
import type { SceneService } from "../../scene-service.ts";
import { detect } from "./detect.ts";
import { shopTheLook } from "./shop-the-look.ts";

export interface SceneRouteOptions {
  readonly scenes: SceneService;
  /** Without one, objects are found but no products. */
  readonly catalog: Catalog | undefined;
}

export function sceneRoutes(app: OpenAPIHono<AppEnv>, { scenes, catalog }: SceneRouteOptions): void {
  detect(app, scenes);
  if (catalog) shopTheLook(app, { scenes, catalog });
}
