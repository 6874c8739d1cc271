/** `GET /v1/items/{id}` and `GET /v1/items`. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { versionTag } from "../../catalog/conditions.ts";
import { itemDocument } from "../../catalog/item-document.ts";
import type { AppEnv } from "../../context.ts";
import { Item, ItemPage, ItemParams, ListQuery } from "../../schemas/items.ts";
import { problems } from "../../schemas/problems.ts";
import { READ } from "../../schemas/security.ts";
import type { CatalogRouteOptions } from "./index.ts";

const getRoute = createRoute({
  method: "get",
  path: "/v1/items/{id}",
  operationId: "getItem",
  tags: ["Items"],
  security: READ,
  summary: "One item, and where it stands",
  request: { params: ItemParams },
  responses: {
    200: { description: "The item.", content: { "application/json": { schema: Item } } },
    ...problems(400, 401, 404, 429, 503),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/items",
  operationId: "listItems",
  tags: ["Items"],
  security: READ,
  summary: "Items in the order of their ids",
  request: { query: ListQuery },
  responses: {
    200: { description: "One page.", content: { "application/json": { schema: ItemPage } } },
    ...problems(400, 401, 429, 503),
  },
});

export function readItems(app: OpenAPIHono<AppEnv>, { catalog }: Pick<CatalogRouteOptions, "catalog">): void {
  app.openapi(getRoute, async (c) => {
    const item = await catalog.get(c.req.valid("param").id);
    c.header("cache-control", "no-store");
    c.header("etag", versionTag(item.version));
    return c.json(itemDocument(item), 200);
  });
  app.openapi(listRoute, async (c) => {
    const { cursor, limit, state, category, look } = c.req.valid("query");
    const { items, next } = await catalog.list({ cursor, limit, status: state, category, look });
    c.header("cache-control", "no-store");
    return c.json({ items: items.map(itemDocument), ...(next !== undefined && { next }) }, 200);
  });
}
