/** The catalogue's bindings, and the consumer of its queue. */
import { Catalog, type EmbeddingQueue } from "../../src/catalog/catalog.ts";
import { consume, type EmbedPicture, type QueueMessage } from "../../src/catalog/embedding-worker.ts";
import type { PictureBucket } from "../../src/catalog/picture-store.ts";
import type { ShardNamespace } from "../../src/catalog/shards.ts";
import type { AppDependencies, CatalogDependencies } from "../../src/http/dependencies.ts";
import type { Parts } from "../../src/http/parts.ts";
import type { PictureSource } from "../../src/http/routes/catalog/read-picture.ts";
import { DEFAULT_MODEL } from "../../src/http/schemas/embeddings.ts";
import { StageClock } from "../../src/http/stage-clock.ts";
import { fetchPicture } from "../../src/media/fetch-picture.ts";
import type { ModelManifest } from "../../src/runtime/manifest.ts";

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
  const manifest = manifests.find(({ name }) => name === DEFAULT_MODEL);
  if (!shards || !pictures || !queue || !manifest) return undefined;
  const space = { model: manifest.name, revision: manifest.revision };
  const shardCount = count === undefined ? {} : { shardCount: Number(count) };
  return { catalog: new Catalog({ shards, pictures, queue, space, ...shardCount }), pictures };
}

/** Milliseconds for one picture of the queue: fetched, decoded and embedded, a cold model host included. */
const PICTURE_TIMEOUT = 60_000;

/** Embeds the items that messages name. */
export function consumeMessages(
  messages: readonly QueueMessage[],
  { catalog }: CatalogDependencies,
  { service, models }: Pick<Parts, "service" | "models">,
  { addresses = {} }: Pick<AppDependencies, "addresses">,
): Promise<void> {
  const manifest = models.currentEmbedding(catalog.space.model);
  const embed: EmbedPicture = async (source) => {
    const signal = AbortSignal.timeout(PICTURE_TIMEOUT);
    const fetched = "url" in source ? await fetchPicture(source.url, { ...addresses, signal }) : undefined;
    const bytes = "url" in source ? fetched!.bytes : source.bytes;
    const scope = { origin: undefined, signal, clock: new StageClock(), background: () => undefined };
    const [picture] = await service.embed([{ kind: "bytes", bytes }], manifest, scope);
    return { vector: picture!.embedding, ...(fetched && { bytes: fetched.bytes }) };
  };
  return consume(catalog, messages, embed);
}
