/** `GET /v1/catalog`: how much there is, and how far it is. */

import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
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

/** Where the items stand in a space. */
function roleOf(
  { model, revision }: Space,
  states: Record<"pending" | "embedded" | "failed", number>,
  total: number,
) {
  const name = pinnedName({ name: model, revision });
  const done = states.embedded + states.failed;
  return {
    serving: name,
    target: name,
    complete: states.pending === 0,
    states,
    done,
    total,
    rate: 0,
    older: [],
  };
}

export function overview(app: OpenAPIHono<AppEnv>, { catalog }: Pick<CatalogRouteOptions, "catalog">): void {
  const duplicateCount = new DuplicateCount(catalog);
  app.openapi(route, async (c) => {
    const [stats, categories] = await Promise.all([catalog.stats(), catalog.categories()]);
    const { items, pending, embedded, failed, shards, storageBytes } = stats;
    const { model: name, revision } = catalog.space;
    const model = pinnedName({ name, revision });
    const states = { pending, embedded, failed };
    c.header("cache-control", "no-store");
    return c.json(
      {
        items,
        states,
        roles: {
          picture: {
            ...{ serving: model, target: model, complete: true, states, done: embedded + failed },
            ...{ total: items, rate: 0, older: [] },
          },
          ...(stats.item && catalog.target.item && { item: roleOf(catalog.target.item, stats.item, items) }),
        },
        categories,
        nearDuplicates: await duplicateCount.of(embedded),
        model,
        shards,
        storageBytes,
      },
      200,
    );
  });
}
