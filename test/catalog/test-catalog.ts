/** Catalogues for tests in workerd: real shards and bucket, a queue that remembers, a model that draws lots. */
import { env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { normals } from "../../bench/search/clustered-vectors.ts";
import { Catalog, type CatalogOptions } from "../../src/catalog/catalog.ts";
import {
  consume,
  type EmbeddedPicture,
  type EmbedPicture,
  type PictureSource,
  type QueueMessage,
} from "../../src/catalog/embedding-worker.ts";
import type { PictureBucket } from "../../src/catalog/picture-store.ts";
import type { EmbeddingMessage } from "../../src/catalog/shard/messages.ts";
import type { ShardNamespace, ShardStub } from "../../src/catalog/shards.ts";
import type { Embedding } from "../../src/vision/unified-embedding.ts";
import { picture } from "./picture.ts";

export { picture };

export const SPACE = { model: "test-model", revision: "000000000001" };

/** A space of shorter vectors, made from the same pictures. */
export const COMPANION = { model: "test-companion", revision: "00000000000c", dimensions: 128 };

/** A namespace whose objects are this test's own. */
export function freshNamespace(): ShardNamespace {
  const prefix = crypto.randomUUID();
  return {
    idFromName: (name) => env.CATALOG.idFromName(`${prefix}-${name}`),
    get: (id) => env.CATALOG.get(id as DurableObjectId),
  };
}

type DurableObjectId = ReturnType<typeof env.CATALOG.idFromName>;

export function freshShard(): ShardStub {
  return namedShard()();
}

/** A shard that can be asked for again, which is necessary after it was stopped. */
export function namedShard(): () => ShardStub {
  const id = env.CATALOG.idFromName(crypto.randomUUID());
  return () => env.CATALOG.get(id) as unknown as ShardStub;
}

/** Keeps what is sent until the test hands it on. */
export class TestQueue {
  readonly sent: EmbeddingMessage[] = [];
  down = false;

  async sendBatch(messages: readonly { readonly body: EmbeddingMessage }[]): Promise<void> {
    if (this.down) throw new Error("the queue is down");
    this.sent.push(...messages.map(({ body }) => body));
  }

  take(): EmbeddingMessage[] {
    return this.sent.splice(0);
  }
}

export interface TestCatalog {
  readonly catalog: Catalog;
  readonly queue: TestQueue;
  readonly namespace: ShardNamespace;
  /** Delivers all messages and embeds what they name. */
  readonly deliver: (embed?: EmbedPicture) => Promise<void>;
}

export function openCatalog(options: Partial<CatalogOptions> = {}): TestCatalog {
  const queue = new TestQueue();
  const namespace = options.shards ?? freshNamespace();
  const catalog = new Catalog({
    shards: namespace,
    shardCount: 3,
    pictures: env.PICTURES as unknown as PictureBucket,
    queue,
    space: SPACE,
    ...options,
  });
  const deliver = async (embed: EmbedPicture = embedByContent) => {
    await consume(catalog, queue.take().map(messageOf), embed);
  };
  return { catalog, queue, namespace, deliver };
}

export function messageOf(body: unknown): QueueMessage & { outcome?: "ack" | "retry" } {
  const message: QueueMessage & { outcome?: "ack" | "retry" } = {
    body,
    ack: () => {
      message.outcome = "ack";
    },
    retry: () => {
      message.outcome = "retry";
    },
  };
  return message;
}

/** The vector that `embedByContent` gives to `picture(number)`. */
export function vectorOf(number: number, dimensions = 256): Embedding {
  const normal = normals(number + 1);
  const vector = Float32Array.from({ length: dimensions }, normal);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Gives every picture a vector of its own; pictures with an address get the one of the number at its end. */
export const embedByContent = async (source: PictureSource): Promise<EmbeddedPicture> => {
  if ("bytes" in source) return { vector: vectorOf(new DataView(source.bytes.buffer).getUint32(41)) };
  const number = Number(source.url.split("/").at(-1));
  return { vector: vectorOf(number), bytes: picture(number) };
};

/** The first shard of a catalogue. */
export function shardOf({ namespace }: Pick<TestCatalog, "namespace">): unknown {
  return namespace.get(namespace.idFromName("shard-0"));
}

/** Messages that the first shard's alarm has sent since it was last asked, and those that it sends two hours later. */
export async function hoursLater(opened: Pick<TestCatalog, "namespace">): Promise<EmbeddingMessage[]> {
  await runInDurableObject<{ env: { sent?: EmbeddingMessage[] } }, void>(
    shardOf(opened),
    (shard, { storage }) => {
      if (!shard.env.sent) Object.defineProperty(shard, "env", { value: listening() });
      storage.sql.exec(
        "UPDATE embeddings SET due_at = due_at - 7200000, not_before = max(0, not_before - 7200000)",
      );
    },
  );
  await runDurableObjectAlarm(shardOf(opened));
  return runInDurableObject<{ env: { sent: EmbeddingMessage[] } }, EmbeddingMessage[]>(
    shardOf(opened),
    (shard) => shard.env.sent.splice(0),
  );
}

/** Bindings of a shard with a queue that keeps what is sent. */
function listening() {
  const sent: EmbeddingMessage[] = [];
  const sendBatch = async (batch: readonly { readonly body: EmbeddingMessage }[]) =>
    void sent.push(...batch.map(({ body }) => body));
  return { sent, EMBEDDING_QUEUE: { sendBatch } };
}
