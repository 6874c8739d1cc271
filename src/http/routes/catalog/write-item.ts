/** `PUT` and `DELETE /v1/items/{id}`. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { requiredVersion, versionTag } from "../../catalog/conditions.ts";
import { writeFromForm, writeFromJson } from "../../catalog/item-order.ts";
import type { AppEnv } from "../../context.ts";
import { ItemBodySchema, ItemForm, ItemParams, WriteConditions, Written } from "../../schemas/items.ts";
import { problems } from "../../schemas/problems.ts";
import { WRITE } from "../../schemas/security.ts";
import type { CatalogRouteOptions } from "./index.ts";

const common = { path: "/v1/items/{id}", tags: ["Items"], security: WRITE } as const;

const putRoute = createRoute({
  ...common,
  tags: [...common.tags],
  method: "put",
  operationId: "putItem",
  summary: "Add or replace an item",
  description:
    "Replaces all fields; without `image` the present picture stays. When this has answered, item and picture are " +
    "on disk, and the picture is embedded soon after. The same write again changes nothing. As a form: " +
    "`curl -X PUT -F image=@chair.jpg -F title=Chair -F price=49 …/v1/items/chair-0042`.",
  request: {
    params: ItemParams,
    headers: WriteConditions,
    body: {
      content: {
        "application/json": { schema: ItemBodySchema },
        "multipart/form-data": { schema: ItemForm },
      },
    },
  },
  responses: {
    200: {
      description: "There was such an item; it is now as it was sent.",
      content: { "application/json": { schema: Written } },
    },
    201: { description: "There is a new item.", content: { "application/json": { schema: Written } } },
    ...problems(400, 401, 403, 412, 413, 415, 422, 429, 503, 504, 507),
  },
});

const deleteRoute = createRoute({
  ...common,
  tags: [...common.tags],
  method: "delete",
  operationId: "deleteItem",
  summary: "Remove an item",
  request: { params: ItemParams, headers: WriteConditions },
  responses: {
    204: { description: "Removed." },
    ...problems(400, 401, 403, 404, 412, 429, 503),
  },
});

export function writeItem(
  app: OpenAPIHono<AppEnv>,
  { catalog, backlog }: Pick<CatalogRouteOptions, "catalog" | "backlog">,
): void {
  app.openapi(putRoute, async (c) => {
    const { id } = c.req.valid("param");
    const ifVersion = requiredVersion(c.req.valid("header"));
    await backlog.check();
    const isForm = /^multipart\//i.test(c.req.header("content-type") ?? "");
    const write = isForm
      ? await writeFromForm(id, c.req.valid("form") as ItemForm)
      : writeFromJson(id, c.req.valid("json") as Parameters<typeof writeFromJson>[1]);
    const result = await c.var.clock.time("store", () =>
      catalog.put({ ...write, ...(ifVersion !== undefined && { ifVersion }) }),
    );
    c.header("cache-control", "no-store");
    c.header("etag", versionTag(result.version));
    if (!result.created) return c.json(result, 200);
    c.header("location", `/v1/items/${id}`);
    return c.json(result, 201);
  });
  app.openapi(deleteRoute, async (c) => {
    await catalog.delete(c.req.valid("param").id, requiredVersion(c.req.valid("header")));
    return c.body(null, 204);
  });
}
