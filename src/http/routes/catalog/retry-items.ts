/** `POST /v1/items/{id}:retry` and `POST /v1/items:retry`: failed items wait again. */
import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import { ItemId } from "../../../catalog/item.ts";
import { MAX_RETRIED_PER_SHARD } from "../../catalog/limits.ts";
import type { AppEnv } from "../../context.ts";
import { ItemParams, Retried } from "../../schemas/items.ts";
import { problems } from "../../schemas/problems.ts";
import { WRITE } from "../../schemas/security.ts";
import { InvalidRequestError } from "../../validation.ts";
import type { CatalogRouteOptions } from "./index.ts";

const SUFFIX = ":retry";

const answers = {
  202: { description: "They wait to be embedded.", content: { "application/json": { schema: Retried } } },
};

const retryOneRoute: RouteConfig = {
  method: "post",
  path: "/v1/items/{id}:retry",
  operationId: "retryItem",
  tags: ["Items"],
  security: WRITE,
  summary: "Try again to embed a failed item",
  request: { params: ItemParams },
  responses: { ...answers, ...problems(400, 401, 403, 404, 429, 503) },
};

const retryAllRoute: RouteConfig = {
  method: "post",
  path: "/v1/items:retry",
  operationId: "retryItems",
  tags: ["Items"],
  security: WRITE,
  summary: "Try again to embed all failed items",
  description: `Up to ${MAX_RETRIED_PER_SHARD} of each shard; ask again until it answers 0.`,
  responses: { ...answers, ...problems(401, 403, 429, 503) },
};

export function retryItems(
  app: OpenAPIHono<AppEnv>,
  { catalog }: Pick<CatalogRouteOptions, "catalog">,
): void {
  // The router's own syntax has no parameters that end within a segment, which the document's has.
  app.openAPIRegistry.registerPath(retryOneRoute);
  app.openAPIRegistry.registerPath(retryAllRoute);
  app.post("/v1/items/:action{.+:retry}", async (c) => {
    const parsed = ItemId.safeParse(c.req.param("action").slice(0, -SUFFIX.length));
    if (!parsed.success) throw new InvalidRequestError(z.prettifyError(parsed.error), "id");
    await catalog.get(parsed.data);
    return c.json({ retried: await catalog.retry([parsed.data]) }, 202);
  });
  app.post("/v1/items:retry", async (c) =>
    c.json({ retried: await catalog.retry("all", MAX_RETRIED_PER_SHARD) }, 202),
  );
}
