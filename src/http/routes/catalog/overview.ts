/** `GET /v1/catalog`: how much there is, and how far it is. */

import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { ItemStatus } from "../../../catalog/item.ts";
import type { Space } from "../../../catalog/shard/protocol.ts";
import { DuplicateCount } from "../../catalog/duplicate-count.ts";
import type { AppEnv } from "../../context.ts";
import { modelOf } from "../../model-registry.ts";
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

interface Standing {
  readonly space: Space | undefined;
  readonly states: States | undefined;
}

/** Where the items stand in the space that is searched, if there is one, and in the one that is filled beside it. */
function roleOf({ space, states }: Standing, next: Standing, total: number) {
  if (!space || !states) return undefined;
  const migrates = next.space && next.states && modelOf(next.space) !== modelOf(space);
  return {
    model: modelOf(space),
    states,
    total,
    ...(migrates && { next: { model: modelOf(next.space!), states: next.states! } }),
  };
}

function statesOf({ pending, embedded, failed }: States): States {
  return { pending, embedded, failed };
}

export function overview(app: OpenAPIHono<AppEnv>, { catalog }: Pick<CatalogRouteOptions, "catalog">): void {
  const duplicateCount = new DuplicateCount(catalog);
  app.openapi(route, async (c) => {
    const [stats, categories, serving] = await Promise.all([
      catalog.stats(),
      catalog.categories(),
      catalog.serving(),
    ]);
    const { items, shards, storageBytes, current } = stats;
    const states = statesOf(stats);
    const { companion, item } = catalog.target;
    const picture = roleOf(
      { space: serving.picture, states },
      { space: catalog.space, states: current && statesOf(current) },
      items,
    );
    const look = roleOf(
      { space: serving.look, states: stats.companion },
      { space: companion, states: current?.companion },
      items,
    );
    const words = roleOf(
      { space: serving.item, states: stats.item },
      { space: item, states: current?.item },
      items,
    );
    c.header("cache-control", "no-store");
    return c.json(
      {
        items,
        states,
        roles: {
          picture: picture!,
          ...(look && { look }),
          ...(words && { item: words }),
        },
        categories,
        nearDuplicates: await duplicateCount.of(states.embedded),
        model: modelOf(serving.picture),
        shards,
        storageBytes,
      },
      200,
    );
  });
}
