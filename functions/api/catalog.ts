/** The catalogue's bindings, and the consumer of its queue. */
import categoryHead from "../../models/complete-the-look/category-head.json";
import { Catalog, type EmbeddingQueue } from "../../src/catalog/catalog.ts";
import {
  consume,
  type PictureSource as EmbeddingSource,
  type EmbedItem,
  type EmbedPicture,
  type QueueMessage,
} from "../../src/catalog/embedding-worker.ts";
import { ItemEmbedder } from "../../src/catalog/itemsage.ts";
import type { PictureBucket } from "../../src/catalog/picture-store.ts";
import type { Space } from "../../src/catalog/shard/protocol.ts";
import type { ShardNamespace } from "../../src/catalog/shards.ts";
import type { AppDependencies, CatalogDependencies } from "../../src/http/dependencies.ts";
import { headFor, modelOf } from "../../src/http/model-registry.ts";
import type { Parts } from "../../src/http/parts.ts";
import type { PictureSource } from "../../src/http/routes/catalog/read-picture.ts";
import { DEFAULT_MODEL } from "../../src/http/schemas/embeddings.ts";
import { StageClock } from "../../src/http/stage-clock.ts";
import { fetchPicture } from "../../src/media/fetch-picture.ts";
import {
  type ImageEmbeddingManifest,
  type ItemEmbeddingManifest,
  type ModelManifest,
  pinnedName,
} from "../../src/runtime/manifest.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { CompatibilityHead } from "../../src/vision/complete-the-look.ts";
import { LookClassifier } from "../../src/vision/look-classifier.ts";
import type { Embedding } from "../../src/vision/unified-embedding.ts";

export interface CatalogBindings {
  /** Durable Objects of the class `CatalogShard`. */
  readonly CATALOG?: ShardNamespace;
  /** Bucket of the items' pictures. */
  readonly PICTURES?: PictureBucket & PictureSource;
  /** Takes the items that wait to be embedded. */
  readonly EMBEDDING_QUEUE?: EmbeddingQueue;
  /** How many shards the catalogue has. Never to be changed once it holds items. */
  readonly CATALOG_SHARDS?: string;
}

/** The catalogue, where everything it needs is bound. */
export function catalogOf(
  env: CatalogBindings,
  manifests: readonly ModelManifest[],
): CatalogDependencies | undefined {
  const { CATALOG: shards, PICTURES: pictures, EMBEDDING_QUEUE: queue, CATALOG_SHARDS: count } = env;
  const [current, ...older] = pictureSpacesOf(manifests);
  if (!shards || !pictures || !queue || !current) return undefined;
  const [item, ...olderItems] = itemSpacesOf(manifests);
  const { companion, ...space } = current;
  const catalog = new Catalog({
    shards,
    pictures,
    queue,
    space,
    companion,
    item,
    older: { pictures: older, items: olderItems },
    looks: looksOf(manifests),
    ...(count !== undefined && { shardCount: Number(count) }),
  });
  return { catalog, pictures };
}

/** Spaces of the picture model's revisions, the current one first, each with that of its compatibility head. */
function pictureSpacesOf(manifests: readonly ModelManifest[]): (Space & { readonly companion?: Space })[] {
  return manifests.flatMap((manifest) => {
    if (manifest.name !== DEFAULT_MODEL || manifest.task !== "image-embedding") return [];
    const head = headFor(manifest, manifests);
    const companion = head && {
      model: head.name,
      revision: head.revision,
      dimensions: head.compatibility.dimensions,
    };
    return { ...spaceOf(manifest), ...(companion && { companion }) };
  });
}

/** Spaces of the item models' revisions whose encoders are here too, the current one first. */
function itemSpacesOf(manifests: readonly ModelManifest[]): Space[] {
  const here = new Set(manifests.map(pinnedName));
  return manifests.flatMap((manifest) => {
    if (manifest.task !== "item-embedding") return [];
    const complete = Object.values(manifest.item.encoders).every((encoder) => here.has(encoder));
    return complete ? spaceOf(manifest) : [];
  });
}

function spaceOf({ name: model, revision, output }: ImageEmbeddingManifest | ItemEmbeddingManifest): Space {
  return { model, revision, dimensions: output.dimensions };
}

/** Look categories: what detectors tell apart, and what goes together with something. */
export function looksOf(manifests: readonly ModelManifest[]): string[] {
  const looks = manifests.flatMap((manifest) => {
    if (manifest.task === "object-detection") return manifest.detection.categories;
    return manifest.task === "look-compatibility" ? manifest.compatibility.categories : [];
  });
  return [...new Set(looks)];
}

/** Milliseconds for one picture of the queue: fetched, decoded and embedded, a cold model host included. */
const PICTURE_TIMEOUT = 60_000;

/** Embeds the items that messages name. */
export function consumeMessages(
  messages: readonly QueueMessage[],
  { catalog }: CatalogDependencies,
  { service, texts, models }: Pick<Parts, "service" | "texts" | "models">,
  { addresses = {}, inference }: Pick<AppDependencies, "addresses" | "inference">,
): Promise<void> {
  const looks = new LookClassifier(categoryHead);
  const lookOf = (vector: Embedding, manifest: ImageEmbeddingManifest) => {
    const look = looks.backbone === pinnedName(manifest) ? looks.lookOf(vector) : undefined;
    return look !== undefined && { look };
  };
  /** A picture's bytes, and the scope of the work on them. */
  const read = async (source: EmbeddingSource) => {
    const signal = AbortSignal.timeout(PICTURE_TIMEOUT);
    const fetched = "url" in source ? await fetchPicture(source.url, { ...addresses, signal }) : undefined;
    const scope = { origin: undefined, signal, clock: new StageClock(), background: () => undefined };
    const input = { kind: "bytes", bytes: "url" in source ? fetched!.bytes : source.bytes } as const;
    return { input, scope, kept: fetched && { bytes: fetched.bytes } };
  };
  const embed: EmbedPicture = async (source, wanted, target) => {
    const manifest = models.findEmbedding(modelOf(target));
    const headManifest = headFor(manifest, models.all());
    const head = headManifest && new CompatibilityHead(headManifest, inference);
    const { input, scope, kept } = await read(source);
    if (!head || !wanted.companion) {
      const [picture] = await service.embed([input], manifest, scope);
      return { vector: picture!.embedding, ...lookOf(picture!.embedding, manifest), ...kept };
    }
    const { embedding, maps } = await service.embedWithMaps(input, manifest, scope);
    const companion = await companionOf(head, maps, scope.signal);
    return { vector: embedding, companion, ...lookOf(embedding, manifest), ...kept };
  };
  const embedItem: EmbedItem = async ({ picture, words }, space) => {
    const item = models.find(modelOf(space));
    if (item.task !== "item-embedding") throw new RangeError(`${item.name} embeds no items`);
    const { input, scope, kept } = await read(picture);
    const { encoders } = item.item;
    const vectorBy = async (encoder: string) => {
      const [embedded] = await service.embed([input], models.findEmbedding(encoder), scope);
      return embedded!.embedding;
    };
    const [unified, pinclip] = await Promise.all([vectorBy(encoders.unified), vectorBy(encoders.pinclip)]);
    const joint = models.findEmbedding(encoders.pinclip);
    const embedder = new ItemEmbedder(item, inference, {
      embed: (some) => texts.embed(some, joint, scope),
    });
    const { signal } = scope;
    const [vector] = await embedder.embed([{ pictures: [{ unified, pinclip }], texts: words }], { signal });
    return { vector: vector!, ...kept };
  };
  return consume(catalog, messages, embed, embedItem);
}

/** A product's vector; or why there is none, which is no reason to lose its embedding. */
async function companionOf(head: CompatibilityHead, maps: Tensors, signal: AbortSignal) {
  try {
    const [product] = await head.products(maps[head.manifest.compatibility.map]!, { signal });
    return product;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
