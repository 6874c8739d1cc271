/** All routes of the catalogue. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { Backlog } from "../../catalog/backlog.ts";
import type { AppEnv } from "../../context.ts";
import type { CatalogDependencies } from "../../dependencies.ts";
import type { Parts } from "../../parts.ts";
import { batchItems } from "./batch-items.ts";
import { duplicates } from "./duplicates.ts";
import { itemVectors } from "./item-vectors.ts";
import { overview } from "./overview.ts";
import { readItems } from "./read-items.ts";
import { readPicture } from "./read-picture.ts";
import { retryItems } from "./retry-items.ts";
import { search } from "./search.ts";
import { writeItem } from "./write-item.ts";

/** What routes of the catalogue are made of. */
export interface CatalogRouteOptions
  extends Pick<CatalogDependencies, "catalog" | "pictures">,
    Pick<Parts, "service" | "texts" | "models" | "bodies" | "log"> {
  readonly backlog: Backlog;
  /** Whether shared caches may keep what is read. */
  readonly publicRead: boolean;
}

export function catalogRoutes(
  app: OpenAPIHono<AppEnv>,
  { maxPending, ...options }: Omit<CatalogRouteOptions, "backlog"> & CatalogDependencies,
): void {
  const all = { ...options, backlog: new Backlog(options.catalog, maxPending) };
  search(app, all);
  readItems(app, all);
  writeItem(app, all);
  batchItems(app, all);
  readPicture(app, all);
  retryItems(app, all);
  overview(app, all);
  itemVectors(app, all);
  duplicates(app, all);
}
