/** `GET /v1/boards/{id}` and `GET /v1/boards`. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { boardDocuments } from "../../catalog/board-document.ts";
import { versionTag } from "../../catalog/conditions.ts";
import type { AppEnv } from "../../context.ts";
import { Board, BoardListQuery, BoardPage, BoardParams } from "../../schemas/boards.ts";
import { problems } from "../../schemas/problems.ts";
import { READ } from "../../schemas/security.ts";
import type { BoardRouteOptions } from "./index.ts";

const getRoute = createRoute({
  method: "get",
  path: "/v1/boards/{id}",
  operationId: "getBoard",
  tags: ["Boards"],
  security: READ,
  summary: "One board",
  request: { params: BoardParams },
  responses: {
    200: { description: "The board.", content: { "application/json": { schema: Board } } },
    ...problems(400, 401, 404, 429, 503),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/boards",
  operationId: "listBoards",
  tags: ["Boards"],
  security: READ,
  summary: "Boards in the order of their ids",
  request: { query: BoardListQuery },
  responses: {
    200: { description: "One page.", content: { "application/json": { schema: BoardPage } } },
    ...problems(400, 401, 429, 503),
  },
});

export function readBoards(app: OpenAPIHono<AppEnv>, { boards, catalog }: BoardRouteOptions): void {
  app.openapi(getRoute, async (c) => {
    const board = await boards.get(c.req.valid("param").id);
    const [document] = await boardDocuments([board], catalog);
    c.header("cache-control", "no-store");
    c.header("etag", versionTag(board.version));
    return c.json(document!, 200);
  });
  app.openapi(listRoute, async (c) => {
    const { boards: page, next } = await boards.list(c.req.valid("query"));
    const documents = await boardDocuments(page, catalog);
    c.header("cache-control", "no-store");
    return c.json({ boards: documents, ...(next !== undefined && { next }) }, 200);
  });
}
