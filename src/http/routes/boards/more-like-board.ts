/** `GET /v1/boards/{id}/more`: a board as a query. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { MoreLikeBoard } from "../../../catalog/boards/more-like-board.ts";
import { itemDocument } from "../../catalog/item-document.ts";
import type { AppEnv } from "../../context.ts";
import { BoardParams, MoreQuery, MoreResults } from "../../schemas/boards.ts";
import { problems } from "../../schemas/problems.ts";
import { READ } from "../../schemas/security.ts";
import type { BoardRouteOptions } from "./index.ts";

const route = createRoute({
  method: "get",
  path: "/v1/boards/{id}/more",
  operationId: "moreLikeBoard",
  tags: ["Boards"],
  security: READ,
  summary: "Items that would suit a board",
  description:
    "Items like the one to three things that the board is about, in turns, without its own. Where other boards " +
    "share items with it, a third of the results are what those have together with them.",
  request: { params: BoardParams, query: MoreQuery },
  responses: {
    200: {
      description: "One page; an empty one where none of the board's items can be searched by.",
      content: { "application/json": { schema: MoreResults } },
    },
    ...problems(400, 401, 404, 429, 503),
  },
});

export function moreLikeBoard(
  app: OpenAPIHono<AppEnv>,
  { boards, catalog, metrics }: BoardRouteOptions,
): void {
  const more = new MoreLikeBoard(boards, catalog);
  app.openapi(route, async (c) => {
    const { explain, ...options } = c.req.valid("query");
    const { results, next } = await c.var.clock.time("search", () =>
      more.run(c.req.valid("param").id, options),
    );
    for (const { reason } of results) metrics.boardResults.add({ by: reason.by });
    c.header("cache-control", "no-store");
    return c.json(
      {
        results: results.map(({ id, item, reason }) => ({
          id,
          item: itemDocument(item),
          ...(explain && { explanation: reason }),
        })),
        ...(next !== undefined && { next }),
      },
      200,
    );
  });
}
