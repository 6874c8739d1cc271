/** A catalogue behind three routes, as small as can be: what the durability test kills. */
import type { DurableObjectNamespace, Queue, R2Bucket } from "@cloudflare/workers-types";
import { readItemLines } from "../../../src/catalog/batch.ts";
import { Catalog, type EmbeddingQueue } from "../../../src/catalog/catalog.ts";
import type { PictureBucket } from "../../../src/catalog/picture-store.ts";
import type { ShardNamespace } from "../../../src/catalog/shards.ts";

export { CatalogShard } from "../../../src/catalog/shard/catalog-shard.ts";

interface Bindings {
  readonly CATALOG: DurableObjectNamespace;
  readonly PICTURES: R2Bucket;
  readonly EMBEDDING_QUEUE: Queue;
}

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    const catalog = new Catalog({
      shards: env.CATALOG as unknown as ShardNamespace,
      shardCount: 2,
      pictures: env.PICTURES as unknown as PictureBucket,
      queue: env.EMBEDDING_QUEUE as unknown as EmbeddingQueue,
      space: { model: "none", revision: "0" },
      companion: { model: "none-either", revision: "0", dimensions: 128 },
      looks: ["title"],
    });
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/batch") {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      void answer(catalog, request.body!, writable);
      return new Response(readable);
    }
    if (pathname === "/items") {
      return Response.json(
        await catalog.list({ limit: 200, cursor: searchParams.get("cursor") ?? undefined }),
      );
    }
    const picture = await catalog.pictures.get(pathname.slice(1));
    return new Response(picture ?? null, { status: picture ? 200 : 404 });
  },
};

/** One line of JSON for every item, when it is safe. */
async function answer(
  catalog: Catalog,
  body: ReadableStream,
  writable: WritableStream<Uint8Array>,
): Promise<void> {
  const encoder = new TextEncoder();
  const writer = writable.getWriter();
  for await (const result of catalog.batch(readItemLines(body as unknown as AsyncIterable<Uint8Array>))) {
    await writer.write(encoder.encode(`${JSON.stringify(result)}\n`));
  }
  await writer.close();
}
