/** `PUT` and `DELETE /v1/boards/{id}`. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { requiredVersion, versionTag } from "../../catalog/conditions.ts";
import type { AppEnv } from "../../context.ts";
import { BoardBodySchema, BoardParams, BoardWritten } from "../../schemas/boards.ts";
import { WriteConditions } from "../../schemas/items.ts";
import { problems } from "../../schemas/problems.ts";
import { WRITE } from "../../schemas/security.ts";
import type { BoardRouteOptions } from "./index.ts";

const putRoute = createRoute({
  method: "put",
  path: "/v1/boards/{id}",
  operationId: "putBoard",
  tags: ["Boards"],
  security: WRITE,
  summary: "Make or change a board",
  description:
    "Replaces title and description and, if `items` is there, the whole list. When this has answered, the board is " +
    "on disk. The same write again changes nothing.",
  request: {
    params: BoardParams,
    headers: WriteConditions,
    body: { content: { "application/json": { schema: BoardBodySchema } }, required: true },
  },
  responses: {
    200: {
      description: "There was such a board; it is now as it was sent.",
      content: { "application/json": { schema: BoardWritten } },
    },
    201: { description: "There is a new board.", content: { "application/json": { schema: BoardWritten } } },
    ...problems(400, 401, 403, 412, 413, 429, 503, 507),
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/v1/boards/{id}",
  operationId: "deleteBoard",
  tags: ["Boards"],
  security: WRITE,
  summary: "Remove a board; its items stay in the catalogue",
  request: { params: BoardParams, headers: WriteConditions },
  responses: {
    204: { description: "Removed." },
    ...problems(400, 401, 403, 404, 412, 429, 503),
  },
});

export function writeBoard(app: OpenAPIHono<AppEnv>, { boards }: BoardRouteOptions): void {
  app.openapi(putRoute, async (c) => {
    const { id } = c.req.valid("param");
    const ifVersion = requiredVersion(c.req.valid("header"));
    const body = c.req.valid("json");
    const written = await c.var.clock.time("store", () =>
      boards.put({ ...body, id, ...(ifVersion !== undefined && { ifVersion }) }),
    );
    c.header("cache-control", "no-store");
    c.header("etag", versionTag(written.version));
    if (!written.created) return c.json(written, 200);
    c.header("location", `/v1/boards/${id}`);
    return c.json(written, 201);
  });
  app.openapi(deleteRoute, async (c) => {
    await boards.delete(c.req.valid("param").id, requiredVersion(c.req.valid("header")));
    return c.body(null, 204);
  });
}
