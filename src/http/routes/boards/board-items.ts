/** `GET /v1/boards/{id}/items`, `PUT` and `DELETE /v1/boards/{id}/items/{item}`. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { versionTag } from "../../catalog/conditions.ts";
import { itemDocument } from "../../catalog/item-document.ts";
import type { AppEnv } from "../../context.ts";
import { BoardEntryPage, BoardParams, BoardWritten, EntryParams, EntryQuery } from "../../schemas/boards.ts";
import { problems } from "../../schemas/problems.ts";
import { READ, WRITE } from "../../schemas/security.ts";
import type { BoardRouteOptions } from "./index.ts";

const listRoute = createRoute({
  method: "get",
  path: "/v1/boards/{id}/items",
  operationId: "listBoardItems",
  tags: ["Boards"],
  security: READ,
  summary: "A board's items, in the order in which they were added",
  request: { params: BoardParams, query: EntryQuery },
  responses: {
    200: { description: "One page.", content: { "application/json": { schema: BoardEntryPage } } },
    ...problems(400, 401, 404, 429, 503),
  },
});

const putRoute = createRoute({
  method: "put",
  path: "/v1/boards/{id}/items/{item}",
  operationId: "addBoardItem",
  tags: ["Boards"],
  security: WRITE,
  summary: "Put an item on a board",
  description:
    "At the end; an item that is on the board already stays where it is. It need not be in the catalogue (yet).",
  request: { params: EntryParams },
  responses: {
    200: { description: "It was there.", content: { "application/json": { schema: BoardWritten } } },
    201: { description: "It is there now.", content: { "application/json": { schema: BoardWritten } } },
    ...problems(400, 401, 403, 404, 409, 429, 503),
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/v1/boards/{id}/items/{item}",
  operationId: "removeBoardItem",
  tags: ["Boards"],
  security: WRITE,
  summary: "Take an item off a board",
  request: { params: EntryParams },
  responses: { 204: { description: "Taken off." }, ...problems(400, 401, 403, 404, 429, 503) },
});

export function boardItems(app: OpenAPIHono<AppEnv>, { boards, catalog }: BoardRouteOptions): void {
  app.openapi(listRoute, async (c) => {
    const { brief, ...query } = c.req.valid("query");
    const { entries, next, version } = await boards.entries(c.req.valid("param").id, query);
    const documents = brief ? [] : await catalog.getAll(entries.map(({ id }) => id));
    c.header("cache-control", "no-store");
    c.header("etag", versionTag(version));
    const items = entries.map(({ id, addedAt }, at) => {
      const item = documents[at];
      if (brief) return { id, addedAt };
      return item ? { id, addedAt, item: itemDocument(item) } : { id, addedAt, gone: true as const };
    });
    return c.json({ items, ...(next !== undefined && { next }) }, 200);
  });
  app.openapi(putRoute, async (c) => {
    const { id, item } = c.req.valid("param");
    const written = await c.var.clock.time("store", () => boards.add(id, item));
    c.header("cache-control", "no-store");
    c.header("etag", versionTag(written.version));
    return c.json(written, written.created ? 201 : 200);
  });
  app.openapi(deleteRoute, async (c) => {
    const { id, item } = c.req.valid("param");
    await boards.remove(id, item);
    return c.body(null, 204);
  });
}
