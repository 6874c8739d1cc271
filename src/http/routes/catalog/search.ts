/** `POST /v1/search`: items that look like a picture, a part of one, another item, or a vector. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { itemDocument } from "../../catalog/item-document.ts";
import {
  type SearchOrder,
  searchFromBody,
  searchFromForm,
  searchFromJson,
} from "../../catalog/search-order.ts";
import { type AppContext, type AppEnv, type WorkScope, workScope } from "../../context.ts";
import { encodeEmbedding } from "../../embedding-bytes.ts";
import { pinnedName } from "../../model-registry.ts";
import type { EmbeddedPicture } from "../../picture-pipeline.ts";
import { EmbeddingBody } from "../../schemas/embeddings.ts";
import { problems } from "../../schemas/problems.ts";
import { SearchForm, SearchQuery, SearchRequest, SearchResults } from "../../schemas/search.ts";
import { READ } from "../../schemas/security.ts";
import type { CatalogRouteOptions } from "./index.ts";

const route = createRoute({
  method: "post",
  path: "/v1/search",
  operationId: "search",
  tags: ["Search"],
  security: READ,
  summary: "Find items by picture, item or vector",
  description:
    "As JSON, as a multipart form (`curl -F image=@photo.jpg`), or as the picture itself with an `image/*` content " +
    "type and the options in the query. Results come best first, at most 2,000 over all pages.",
  request: {
    query: SearchQuery,
    body: {
      content: {
        "application/json": { schema: SearchRequest },
        "multipart/form-data": { schema: SearchForm },
        "image/*": { schema: EmbeddingBody },
      },
    },
  },
  responses: {
    200: {
      description: "One page of results.",
      content: { "application/json": { schema: SearchResults } },
    },
    ...problems(400, 401, 404, 409, 413, 415, 422, 424, 429, 502, 503, 504),
  },
});

export function search(
  app: OpenAPIHono<AppEnv>,
  { catalog, service, models }: Pick<CatalogRouteOptions, "catalog" | "service" | "models">,
): void {
  const manifest = () =>
    models.findEmbedding(pinnedName({ name: catalog.space.model, revision: catalog.space.revision }));
  const embed = async (by: Extract<SearchOrder["by"], { picture: object }>, scope: WorkScope) => {
    if (by.crop) return service.embedCrop(by.picture, by.crop, manifest(), scope);
    const work = service.embed([by.picture], manifest(), scope);
    scope.background(work);
    const [picture] = await work;
    return picture!;
  };

  app.openapi(route, async (c) => {
    const { by, limit, cursor, filter, looks, explain } = await orderOf(c);
    let picture: EmbeddedPicture | undefined;
    if ("picture" in by) {
      picture = await embed(by, workScope(c));
      c.header("x-corkboard-cache", picture.cache);
      Object.assign(c.var.facts, { pictures: 1, cache: { [picture.cache]: 1 } });
    }
    const target = "picture" in by ? { vector: picture!.embedding } : by;
    const { results, next } = await c.var.clock.time("search", () =>
      catalog.search.run({ by: target, limit, cursor, filter, looks, explain }),
    );
    c.header("cache-control", "no-store");
    return c.json(
      {
        results: results.map((result) => ({ ...result, item: itemDocument(result.item) })),
        ...(next !== undefined && { next }),
        query: {
          model: pinnedName(manifest()),
          vector: String(encodeEmbedding(picture?.embedding ?? new Float32Array(256), "base64")),
          ...(picture && { sha256: picture.sha256 }),
        },
      },
      200,
    );
  });
}

async function orderOf(c: AppContext): Promise<SearchOrder> {
  const valid = c.req.valid as (target: "json" | "form" | "query") => unknown;
  const type = c.req.header("content-type") ?? "";
  if (/^image\//i.test(type)) {
    return searchFromBody(await c.req.blob(), valid.call(c.req, "query") as SearchQuery);
  }
  if (/^multipart\//i.test(type)) return searchFromForm(valid.call(c.req, "form") as SearchForm);
  return searchFromJson(valid.call(c.req, "json") as SearchRequest);
}
