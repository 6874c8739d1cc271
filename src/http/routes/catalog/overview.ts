/** `GET /v1/catalog`: how much there is, and how far it is. */

import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { ItemStatus } from "../../../catalog/item.ts";
import type { Space } from "../../../catalog/shard/protocol.ts";
import { DuplicateCount } from "../../catalog/duplicate-count.ts";
import type { AppEnv } from "../../context.ts";
import { pinnedName } from "../../model-registry.ts";
import { Overview } from "../../schemas/catalog.ts";
import { problems } from "../../schemas/problems.ts";
import { READ } from "../../schemas/security.ts";
import type { CatalogRouteOptions } from "./index.ts";

const route = createRoute({
  method: "get",
  path: "/v1/catalog",
  operationId: "getCatalog",
  tags: ["Items"],
  security: READ,
  summary: "Counts by state and category",
  responses: {
    200: { description: "As of now.", content: { "application/json": { schema: Overview } } },
    ...problems(401, 429, 503),
  },
});

type States = Record<ItemStatus, number>;

/** Where the items stand in a space, where there is one. */
function roleOf(space: Space | undefined, states: States | undefined, total: number) {
  return space && states && { model: nameOf(space), states, total };
}

function nameOf({ model, revision }: Space): string {
  return pinnedName({ name: model, revision });
}

export function overview(app: OpenAPIHono<AppEnv>, { catalog }: Pick<CatalogRouteOptions, "catalog">): void {
  const duplicateCount = new DuplicateCount(catalog);
  app.openapi(route, async (c) => {
    const [stats, categories] = await Promise.all([catalog.stats(), catalog.categories()]);
    const { items, pending, embedded, failed, shards, storageBytes } = stats;
    const states = { pending, embedded, failed };
    const { companion, item } = catalog.target;
    const look = roleOf(companion, stats.companion, items);
    const words = roleOf(item, stats.item, items);
    c.header("cache-control", "no-store");
    return c.json(
      {
        items,
        states,
        roles: {
          picture: { model: nameOf(catalog.space), states, total: items },
          ...(look && { look }),
          ...(words && { item: words }),
        },
        categories,
        nearDuplicates: await duplicateCount.of(embedded),
        model: nameOf(catalog.space),
        shards,
        storageBytes,
      },
      200,
    );
  });
}
