/** `POST /v1/shop-the-look`: the objects of a picture, each with products that look like it. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Catalog } from "../../../catalog/catalog.ts";
import type { Filter } from "../../../catalog/filter.ts";
import type { Space } from "../../../catalog/shard/protocol.ts";
import { pinnedName } from "../../../runtime/manifest.ts";
import { itemDocument } from "../../catalog/item-document.ts";
import { type AppEnv, workScope } from "../../context.ts";
import { sceneOrder } from "../../scene-order.ts";
import type { SceneObject, SceneService } from "../../scene-service.ts";
import { EmbeddingBody } from "../../schemas/embeddings.ts";
import { problems } from "../../schemas/problems.ts";
import { ShopForm, ShoppableScene, ShopQuery, ShopRequest } from "../../schemas/scenes.ts";
import { READ } from "../../schemas/security.ts";
import { boxOf } from "./box.ts";

const route = createRoute({
  method: "post",
  path: "/v1/shop-the-look",
  operationId: "shopTheLook",
  tags: ["Scenes"],
  security: READ,
  summary: "Find products for the objects in a picture",
  description:
    "Detects objects, cuts each out, and searches the catalogue for products of its category that look like it. " +
    "Sent like `/v1/detect`. `server-timing` says what each stage took.",
  request: {
    query: ShopQuery,
    body: {
      content: {
        "application/json": { schema: ShopRequest },
        "multipart/form-data": { schema: ShopForm },
        "image/*": { schema: EmbeddingBody },
      },
    },
  },
  responses: {
    200: {
      description: "The objects with their products, best first.",
      content: { "application/json": { schema: ShoppableScene } },
    },
    ...problems(400, 401, 413, 415, 422, 424, 429, 502, 503, 504),
  },
});

interface Options {
  readonly categories?: readonly string[];
  readonly min_score?: number;
  readonly max_objects?: number;
  readonly products?: number;
  readonly gate?: boolean;
}

export function shopTheLook(
  app: OpenAPIHono<AppEnv>,
  { scenes: all, catalog }: { readonly scenes: readonly SceneService[]; readonly catalog: Catalog },
): void {
  /** Objects are embedded by the model whose vectors are searched, or no product could be found by them. */
  const servingScenes = async () => {
    const { picture } = await catalog.serving();
    return { scenes: all.find(({ encoder }) => encoder.revision === picture.revision) ?? all[0]!, picture };
  };

  const productsOf = async (
    object: SceneObject,
    limit: number,
    gate: boolean,
    filter: Filter | undefined,
    space: Space,
  ) => {
    const looks = gate ? [object.category] : undefined;
    const { results } = await catalog.search.run({
      by: { vector: object.vector! },
      space,
      limit,
      filter,
      ...(looks && { looks }),
    });
    return results.map(({ id, score, item }) => ({ id, score, item: itemDocument(item) }));
  };

  app.openapi(route, async (c) => {
    const { input, options, filter } = await sceneOrder<Options>(c);
    const {
      categories,
      min_score: minScore,
      max_objects: maxObjects = 10,
      products = 5,
      gate = true,
    } = options;
    const scope = workScope(c);
    const { scenes, picture } = await servingScenes();
    const work = scenes.read({ input, categories, minScore, maxObjects, vectors: true }, scope);
    // Should the client hang up, what was begun is finished and stored for its next try.
    scope.background(work);
    const { sha256, objects, cache } = await work;
    Object.assign(c.var.facts, { model: pinnedName(scenes.manifest), pictures: 1, cache: { [cache]: 1 } });
    c.header("cache-control", "no-store");
    c.header("x-corkboard-cache", cache);
    const shoppable = await scope.clock.time("search", () =>
      Promise.all(
        objects.map(async (object) => ({
          box: boxOf(object.box),
          category: object.category,
          score: object.score,
          products: await productsOf(object, products, gate, filter, picture),
        })),
      ),
    );
    return c.json({ sha256, model: pinnedName(scenes.manifest), objects: shoppable }, 200);
  });
}
