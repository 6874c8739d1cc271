/** `POST /v1/search`: items that look like a picture, a part of one, another item, or a vector. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { NoItemSpaceError, NotEmbeddedError } from "../../../catalog/errors.ts";
import type { Space } from "../../../catalog/shard/protocol.ts";
import { itemDocument } from "../../catalog/item-document.ts";
import { itemQuery } from "../../catalog/item-query.ts";
import {
  type SearchOrder,
  searchFromBody,
  searchFromForm,
  searchFromJson,
} from "../../catalog/search-order.ts";
import { type AppContext, type AppEnv, type WorkScope, workScope } from "../../context.ts";
import { encodeEmbedding } from "../../embedding-bytes.ts";
import { modelOf } from "../../model-registry.ts";
import { EmbeddingBody } from "../../schemas/embeddings.ts";
import { problems } from "../../schemas/problems.ts";
import { SearchForm, SearchQuery, SearchRequest, SearchResults } from "../../schemas/search.ts";
import { READ } from "../../schemas/security.ts";
import { InvalidRequestError } from "../../validation.ts";
import type { CatalogRouteOptions } from "./index.ts";

const route = createRoute({
  method: "post",
  path: "/v1/search",
  operationId: "search",
  tags: ["Search"],
  security: READ,
  summary: "Find items by words, picture, item or vector",
  description:
    "As JSON, as a multipart form (`curl -F image=@photo.jpg`), or as the picture itself with an `image/*` content " +
    "type and the options in the query. A picture, an item or a vector alone finds what looks alike; words, words with " +
    "a picture, and `unlike` find what items are. Results come best first, at most 2,000 over all pages.",
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
  { catalog, service, texts, models }: Pick<CatalogRouteOptions, "catalog" | "service" | "texts" | "models">,
): void {
  const embed = async (
    by: Extract<SearchOrder["by"], { picture: object }>,
    space: Space,
    scope: WorkScope,
  ) => {
    const manifest = models.findEmbedding(modelOf(space));
    if (by.crop) return service.embedCrop(by.picture, by.crop, manifest, scope);
    const work = service.embed([by.picture], manifest, scope);
    scope.background(work);
    const [picture] = await work;
    return picture!;
  };

  /** By what looks alike: a picture, a part of one, an item or a vector of the catalogue's picture model. */
  const byLook = async (order: SearchOrder, scope: WorkScope) => {
    const { limit, cursor, filter, looks, explain } = order;
    const by = order.by!;
    const space = (await catalog.spaceOf("picture", cursor))!;
    const picture = "picture" in by ? await embed(by, space, scope) : undefined;
    const target = picture ? { vector: picture.embedding } : (by as Exclude<typeof by, { picture: object }>);
    const page = await scope.clock.time("search", () =>
      catalog.search.run({ by: target, space, limit, cursor, filter, looks, explain }),
    );
    const vector =
      picture?.embedding ??
      ("vector" in by ? by.vector : await vectorOf((by as { item: string }).item, space));
    const { sha256, cache } = picture ?? {};
    return { page, query: { vector, words: undefined, sha256, cache }, space };
  };

  const vectorOf = async (id: string, space: Space) => {
    const [vector] = await catalog.vectors([id], space);
    if (!vector) throw new NotEmbeddedError(id);
    return vector;
  };

  /** By what items are: words, pictures and items together, less what they are not to be like. */
  const byWords = async (order: SearchOrder, scope: WorkScope) => {
    const { by, unlike, words, limit, cursor, filter, looks, explain } = order;
    const space = await catalog.spaceOf("item", cursor);
    if (!space) throw new NoItemSpaceError();
    const { vector, sha256 } = await itemQuery(order, space, { catalog, service, texts, models }, scope);
    const named = [by, ...unlike].flatMap((one) => (one && "item" in one ? one.item : []));
    const page = await scope.clock.time("search", () =>
      catalog.searchByWords({
        by: { vector },
        space,
        words,
        exclude: named,
        limit,
        cursor,
        filter,
        looks,
        explain,
      }),
    );
    return { page, query: { vector, words, sha256, cache: undefined }, space };
  };

  /** @throws {UnknownModelError} {RevisionNotServedError} {InvalidRequestError} */
  const wantsWords = ({ by, text, unlike, model }: SearchOrder): boolean => {
    const needed = text !== undefined || unlike.length > 0 || by === undefined;
    if (model === undefined) return needed;
    const { name } = models.find(model);
    if (name === catalog.target.item?.model) return true;
    if (name !== catalog.space.model) {
      const known = [catalog.space, catalog.target.item].flatMap((space) => space?.model ?? []);
      throw new InvalidRequestError(
        `Items have no vectors of ${name}; they have of: ${known.join(", ")}.`,
        "model",
      );
    }
    if (needed)
      throw new InvalidRequestError(`${name} knows pictures only, no words and no \`unlike\`.`, "model");
    return false;
  };

  app.openapi(route, async (c) => {
    const order = await orderOf(c);
    const { page, query, space } = await (wantsWords(order) ? byWords : byLook)(order, workScope(c));
    if (query.cache) {
      c.header("x-corkboard-cache", query.cache);
      Object.assign(c.var.facts, { pictures: 1, cache: { [query.cache]: 1 } });
    }
    c.header("cache-control", "no-store");
    return c.json(
      {
        results: page.results.map((result) => ({ ...result, item: itemDocument(result.item) })),
        ...(page.next !== undefined && { next: page.next }),
        query: {
          model: modelOf(space),
          vector: String(encodeEmbedding(query.vector, "base64")),
          ...(query.words !== undefined && { words: query.words }),
          ...(query.sha256 && { sha256: query.sha256 }),
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
