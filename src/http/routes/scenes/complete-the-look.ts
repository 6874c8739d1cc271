/** `POST /v1/complete-the-look`: products that go with what is in a picture. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Catalog } from "../../../catalog/catalog.ts";
import type { Filter } from "../../../catalog/filter.ts";
import type { Space } from "../../../catalog/shard/protocol.ts";
import { pinnedName } from "../../../runtime/manifest.ts";
import { MAX_OBJECTS } from "../../../vision/object-detection.ts";
import { itemDocument } from "../../catalog/item-document.ts";
import type { Completion, CompletionService } from "../../completion-service.ts";
import { type AppEnv, type WorkScope, workScope } from "../../context.ts";
import { MAX_COMPLETED_CATEGORIES } from "../../limits.ts";
import type { PictureInput } from "../../picture-input.ts";
import { sceneOrder } from "../../scene-order.ts";
import type { SceneObject, SceneService } from "../../scene-service.ts";
import { EmbeddingBody } from "../../schemas/embeddings.ts";
import { problems } from "../../schemas/problems.ts";
import { CompletedLook, CompleteForm, CompleteQuery, CompleteRequest } from "../../schemas/scenes.ts";
import { READ } from "../../schemas/security.ts";
import { InvalidRequestError } from "../../validation.ts";

const route = createRoute({
  method: "post",
  path: "/v1/complete-the-look",
  operationId: "completeTheLook",
  tags: ["Scenes"],
  security: READ,
  summary: "Find products that go with a picture",
  description:
    "Ranks the catalogue by how well it goes with the scene, not by how much it looks like it. With a `category`, " +
    "products of it; without, the best of each category that belongs to such a scene and is not seen in it, in " +
    "turns. Sent like `/v1/detect`.",
  request: {
    query: CompleteQuery,
    body: {
      content: {
        "application/json": { schema: CompleteRequest },
        "multipart/form-data": { schema: CompleteForm },
        "image/*": { schema: EmbeddingBody },
      },
    },
  },
  responses: {
    200: {
      description: "Products, and where each category looks.",
      content: { "application/json": { schema: CompletedLook } },
    },
    ...problems(400, 401, 413, 415, 422, 424, 429, 502, 503, 504),
  },
});

interface Options {
  readonly category?: string;
  readonly limit?: number;
  readonly exclude?: readonly string[];
  readonly attention?: boolean;
}

export interface CompleteTheLookOptions {
  /** One for each compatibility head, the current one first. At least one. */
  readonly completions: readonly CompletionService[];
  readonly catalog: Catalog;
  /** Tells what is in the picture already; without it, any category may be missing. */
  readonly scenes: SceneService | undefined;
}

/** What a request is answered with. */
interface Services {
  /** Its head made the vectors that are searched. */
  readonly completions: CompletionService;
  readonly scenes: SceneService | undefined;
}

/** A product found for a category. */
interface Found {
  readonly id: string;
  readonly score: number;
  readonly item: ReturnType<typeof itemDocument>;
  readonly category: string;
}

export function completeTheLook(app: OpenAPIHono<AppEnv>, options: CompleteTheLookOptions): void {
  const { catalog, scenes } = options;
  const serving = async () => {
    const { look } = await catalog.serving();
    const { completions: all } = options;
    return { completions: all.find(({ manifest }) => manifest.revision === look?.revision) ?? all[0]!, look };
  };

  const find = async (
    completion: Completion,
    category: string,
    attentive: readonly string[],
    ask: {
      readonly space: Space | undefined;
      readonly limit: number;
      readonly filter: Filter | undefined;
      readonly exclude: readonly string[];
    },
  ): Promise<Found[]> => {
    const query = queryOf(completion.queries, category, attentive);
    const { results } = await catalog.complete({ query, looks: [category], ...ask });
    // Two cosines, of the whole scene and of its regions, add up to the inner product.
    return results.map(({ id, score, item }) => ({
      id,
      score: score / 2,
      item: itemDocument(item),
      category,
    }));
  };

  app.openapi(route, async (c) => {
    const { input, options: asked, filter } = await sceneOrder<Options>(c);
    const { category, limit = 20, exclude = [], attention = false } = asked;
    const { completions, look: space } = await serving();
    const { compatibility } = completions.manifest;
    const services = { completions, scenes };
    const known = categoriesOf(services);
    if (category !== undefined && !known.includes(category)) {
      throw new InvalidRequestError(
        `${JSON.stringify(category)} is no category here; there are: ${known.join(", ")}.`,
        "category",
      );
    }
    const scope = workScope(c);
    const work = completions.withPicture(input, scope, async (picture) => {
      const completion = await completions.read(picture, scope);
      const categories = category ? [category] : await missingCategories(picture, services, scope);
      return { completion, categories };
    });
    // Should the client hang up, what was begun is finished and stored for its next try.
    scope.background(work);
    const { completion, categories } = await work;
    Object.assign(c.var.facts, {
      model: pinnedName(completions.manifest),
      pictures: 1,
      cache: { [completion.cache]: 1 },
    });
    const found = await scope.clock.time("search", () =>
      Promise.all(
        categories.map((one) =>
          find(completion, one, compatibility.categories, { space, limit, filter, exclude }),
        ),
      ),
    );
    c.header("cache-control", "no-store");
    c.header("x-corkboard-cache", completion.cache);
    return c.json(
      {
        sha256: completion.sha256,
        model: pinnedName(completions.manifest),
        categories,
        results: inTurns(found).slice(0, limit),
        ...(attention && { attention: attentionOf(completion, categories, compatibility) }),
      },
      200,
    );
  });
}

/** f_s + Σ a_i f_i of a category with an attention of its own; of others the whole scene, twice: global only. */
function queryOf(
  { scene, queries }: Completion["queries"],
  category: string,
  attentive: readonly string[],
): Float32Array<ArrayBuffer> {
  return queries[attentive.indexOf(category)] ?? scene.map((value) => 2 * value);
}

/** All that can be asked for: what the head attends to, then what only the detector tells apart. */
function categoriesOf({ completions, scenes }: Services): string[] {
  const { categories } = completions.manifest.compatibility;
  return [...new Set([...categories, ...(scenes?.manifest.detection.categories ?? [])])];
}

/** What belongs to such a scene and is not seen in it; where nothing is seen, whatever the head attends to. */
async function missingCategories(
  input: PictureInput,
  services: Services,
  scope: WorkScope,
): Promise<string[]> {
  const { scenes, completions } = services;
  const attentive = completions.manifest.compatibility.categories;
  if (!scenes) return attentive.slice(0, MAX_COMPLETED_CATEGORIES);
  const { objects } = await scenes.read({ input, maxObjects: MAX_OBJECTS, vectors: false }, scope);
  const group = groupOf(objects, Object.values(scenes.manifest.detection.groups));
  const seen = new Set(objects.map(({ category }) => category));
  const fitting = group ? categoriesOf(services).filter((category) => group.includes(category)) : attentive;
  return fitting.filter((category) => !seen.has(category)).slice(0, MAX_COMPLETED_CATEGORIES);
}

/** The kind of scene that most certainty speaks for. */
function groupOf(
  objects: readonly SceneObject[],
  groups: readonly (readonly string[])[],
): readonly string[] | undefined {
  const certainty = (group: readonly string[]) =>
    objects.reduce((sum, { category, score }) => sum + (group.includes(category) ? score : 0), 0);
  const [best] = [...groups].sort((a, b) => certainty(b) - certainty(a));
  return best && certainty(best) > 0 ? best : undefined;
}

/** The best of each list, then the second best, and so on; the better before the worse, nothing twice. */
function inTurns(lists: readonly (readonly Found[])[]): Found[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const rounds = Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => list[turn] ?? []).sort((a, b) => b.score - a.score),
  );
  return [...new Map(rounds.flat().map((found) => [found.id, found])).values()];
}

function attentionOf(
  { queries: { attention } }: Completion,
  categories: readonly string[],
  { categories: all, regions: [rows, columns] }: CompletionService["manifest"]["compatibility"],
) {
  const weights = categories.flatMap((category): [string, number[]][] => {
    const row = attention[all.indexOf(category)];
    return row ? [[category, Array.from(row, (weight) => Number(weight.toFixed(5)))]] : [];
  });
  return { rows, columns, weights: Object.fromEntries(weights) };
}
