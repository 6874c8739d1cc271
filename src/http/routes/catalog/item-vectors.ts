/** `GET /v1/item-vectors`: the vectors of all items, for an origin that retrieves and ranks by them. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { DIMENSIONS } from "../../../catalog/vector-index.ts";
import { encodeVectorPage, MAX_VECTORS_PER_PAGE, VECTORS_TYPE } from "../../../feed/vector-page.ts";
import type { AppEnv } from "../../context.ts";
import { modelOf } from "../../model-registry.ts";
import { problems } from "../../schemas/problems.ts";
import { KEY } from "../../schemas/security.ts";
import type { CatalogRouteOptions } from "./index.ts";

const route = createRoute({
  method: "get",
  path: "/v1/item-vectors",
  operationId: "listItemVectors",
  tags: ["Items"],
  security: KEY,
  summary: "Vectors of all items, page by page",
  description:
    "Vectors of items' pictures and words together. A page is a safetensors file: tensor `vectors`, F16 [n, " +
    "dimensions]; metadata `model`, `ids` (one a line) and `next`, the cursor of the next page, where there is one. " +
    "The first page's `etag` changes with the vectors: asked with `if-none-match`, an unchanged table is a 304. What " +
    "is written while the pages are read may be in them or not. Always takes a key, also where reading is public.",
  request: {
    headers: z.object({
      "if-none-match": z
        .string()
        .max(200)
        .optional()
        .openapi({ description: "`etag` of a first page that was read before." }),
    }),
    query: z.object({
      cursor: z.string().optional().openapi({ description: "`next` of the page before." }),
      limit: z.coerce
        .number()
        .pipe(z.int().min(1).max(MAX_VECTORS_PER_PAGE))
        .default(MAX_VECTORS_PER_PAGE)
        .openapi({ type: "integer" }),
    }),
  },
  responses: {
    200: {
      description: "One page. It may be empty.",
      content: { [VECTORS_TYPE]: { schema: z.string().openapi({ format: "binary" }) } },
    },
    304: { description: "The table is as it was." },
    ...problems(400, 401, 403, 429, 503),
  },
});

export function itemVectors(
  app: OpenAPIHono<AppEnv>,
  { catalog }: Pick<CatalogRouteOptions, "catalog">,
): void {
  app.openapi(route, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    c.header("cache-control", "no-store");
    if (cursor === undefined) {
      // Asked before the page is read: a change between the two is seen when the table is asked for again.
      const etag = `"${await catalog.itemVectors.revision()}"`;
      c.header("etag", etag);
      if (c.req.valid("header")["if-none-match"]?.includes(etag)) return c.body(null, 304);
    }
    const { space, ids, vectors, next } = await catalog.itemVectors.page(cursor, limit);
    const { dimensions = DIMENSIONS } = space;
    const model = modelOf(space);
    c.header("x-corkboard-model", model);
    return c.body(encodeVectorPage({ model, dimensions, ids, vectors, next }), 200, {
      "content-type": VECTORS_TYPE,
    });
  });
}
