/** The vector that items are searched by: words, a picture or an item, and what results are not to be like. */
import type { Catalog } from "../../catalog/catalog.ts";
import { NoItemSpaceError, NotEmbeddedError } from "../../catalog/errors.ts";
import type { Space } from "../../catalog/shard/protocol.ts";
import type { ImageEmbeddingManifest } from "../../runtime/manifest.ts";
import { type Embedding, unit } from "../../vision/unified-embedding.ts";
import type { WorkScope } from "../context.ts";
import type { EmbeddingService } from "../embedding-service.ts";
import { type ModelRegistry, modelOf } from "../model-registry.ts";
import type { PictureInput } from "../picture-input.ts";
import type { TextService } from "../text-service.ts";
import { InvalidRequestError } from "../validation.ts";
import type { SearchOrder } from "./search-order.ts";

export interface ItemQueryParts {
  readonly catalog: Catalog;
  readonly service: EmbeddingService;
  readonly texts: TextService;
  readonly models: ModelRegistry;
}

export interface ItemQuery {
  /** Unit length. */
  readonly vector: Embedding;
  /** Of the picture searched by. */
  readonly sha256?: string;
}

/** Shorter sums than this have no direction that means anything. */
const LEAST_LENGTH = 1e-3;

/**
 * Σ weight · vector of what is wanted − Σ weight · vector of what is not, of unit length. Words and pictures become
 * vectors of the joint model that the item model was made for; items have theirs.
 * @param space the item space that is searched
 * @throws {NoItemSpaceError} {InvalidRequestError} {ItemNotFoundError} {NotEmbeddedError}, and what embedding throws
 */
export async function itemQuery(
  order: SearchOrder,
  space: Space,
  parts: ItemQueryParts,
  scope: WorkScope,
): Promise<ItemQuery> {
  const { catalog, models } = parts;
  const manifest = models.find(modelOf(space));
  if (manifest.task !== "item-embedding") throw new NoItemSpaceError();
  const joint = models.findEmbedding(manifest.item.encoders.pinclip);
  const { by, text, weights, unlike } = order;

  const said = [text, ...unlike.map((one) => ("text" in one ? one.text : undefined))];
  const named = [
    by && "item" in by ? by.item : undefined,
    ...unlike.map((one) => ("item" in one ? one.item : undefined)),
  ];
  const [wordVectors, itemVectors, picture, unlikePictures] = await Promise.all([
    wordsOf(said, joint, parts, scope),
    itemsOf(named, space, catalog),
    by && "picture" in by ? pictureOf(by.picture, by.crop, joint, parts, scope) : undefined,
    Promise.all(
      unlike.map((one) =>
        "picture" in one ? pictureOf(one.picture, undefined, joint, parts, scope) : undefined,
      ),
    ),
  ]);
  const example = by && "vector" in by ? by.vector : (picture?.embedding ?? itemVectors[0]);
  const sum = new Float32Array(manifest.output.dimensions);
  add(sum, wordVectors[0], weights.text);
  add(sum, example, weights.image);
  for (const [index, { weight }] of unlike.entries()) {
    const vector = wordVectors[index + 1] ?? itemVectors[index + 1] ?? unlikePictures[index]?.embedding;
    add(sum, vector, -weight);
  }
  const vector = Math.hypot(...sum) < LEAST_LENGTH ? undefined : unit(sum);
  if (!vector) {
    throw new InvalidRequestError(
      "What is wanted and what is not cancel each other out.",
      unlike.length > 0 ? "unlike" : "weights",
    );
  }
  return { vector, ...(picture && { sha256: picture.sha256 }) };
}

function add(sum: Float32Array, vector: Embedding | undefined, weight: number): void {
  if (!vector) return;
  for (let at = 0; at < sum.length; at++) sum[at]! += weight * vector[at]!;
}

/** Vectors of the texts that are there, in their places. */
async function wordsOf(
  said: readonly (string | undefined)[],
  joint: ImageEmbeddingManifest,
  { texts }: ItemQueryParts,
  scope: WorkScope,
): Promise<(Embedding | undefined)[]> {
  const there = said.filter((text) => text !== undefined);
  if (there.length === 0) return [];
  const { embeddings } = await texts.embed(there, joint, scope);
  let next = 0;
  return said.map((text) => (text === undefined ? undefined : embeddings[next++]));
}

async function itemsOf(
  named: readonly (string | undefined)[],
  space: Space,
  catalog: Catalog,
): Promise<(Embedding | undefined)[]> {
  const ids = named.filter((id) => id !== undefined);
  if (ids.length === 0) return [];
  const vectors = await catalog.vectors(ids, space);
  let next = 0;
  return Promise.all(
    named.map(async (id) => {
      if (id === undefined) return undefined;
      const vector = vectors[next++];
      if (vector) return vector;
      await catalog.get(id);
      throw new NotEmbeddedError(id);
    }),
  );
}

async function pictureOf(
  input: PictureInput,
  crop: Extract<SearchOrder["by"], { picture: object }>["crop"],
  joint: ImageEmbeddingManifest,
  { service }: ItemQueryParts,
  scope: WorkScope,
) {
  if (crop) return service.embedCrop(input, crop, joint, scope);
  const work = service.embed([input], joint, scope);
  scope.background(work);
  const [picture] = await work;
  return picture!;
}
