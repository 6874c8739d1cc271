/** `GET /v1/duplicates` and `GET /v1/items/{id}/duplicates`: pictures that are there more than once. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "../../context.ts";
import { DuplicateReport, Duplicates } from "../../schemas/catalog.ts";
import { ItemParams } from "../../schemas/items.ts";
import { problems } from "../../schemas/problems.ts";
import { READ } from "../../schemas/security.ts";
import type { CatalogRouteOptions } from "./index.ts";

const reportRoute = createRoute({
  method: "get",
  path: "/v1/duplicates",
  operationId: "listDuplicates",
  tags: ["Items"],
  security: READ,
  summary: "Items whose pictures are the same, or nearly so",
  description: "Goes through the catalogue a hundred items a page.",
  request: {
    query: z.object({
      cursor: z.string().optional().openapi({ description: "`next` of the page before." }),
    }),
  },
  responses: {
    200: { description: "One page.", content: { "application/json": { schema: DuplicateReport } } },
    ...problems(400, 401, 429, 503),
  },
});

const itemRoute = createRoute({
  method: "get",
  path: "/v1/items/{id}/duplicates",
  operationId: "listItemDuplicates",
  tags: ["Items"],
  security: READ,
  summary: "Items with the same picture as this one, or nearly so",
  request: { params: ItemParams },
  responses: {
    200: { description: "The most alike first.", content: { "application/json": { schema: Duplicates } } },
    ...problems(400, 401, 404, 429, 503),
  },
});

export function duplicates(
  app: OpenAPIHono<AppEnv>,
  { catalog }: Pick<CatalogRouteOptions, "catalog">,
): void {
  app.openapi(reportRoute, async (c) => {
    const { groups, next } = await catalog.duplicates.report(c.req.valid("query").cursor);
    c.header("cache-control", "no-store");
    return c.json({ groups, ...(next !== undefined && { next }) }, 200);
  });
  app.openapi(itemRoute, async (c) => {
    const { id } = c.req.valid("param");
    c.header("cache-control", "no-store");
    return c.json({ id, duplicates: await catalog.duplicates.of(id) }, 200);
  });
}
