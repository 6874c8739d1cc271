/** A shard of the catalogue in workerd, for the search benchmark. */
import type { DurableObjectNamespace } from "@cloudflare/workers-types";
import { CatalogShard } from "../../src/catalog/shard/catalog-shard.ts";
import { writeCodes } from "../../src/catalog/shard/code-store.ts";
import { placeOf } from "../../src/catalog/shard/schema.ts";
import { signCode } from "../../src/vision/unified-embedding.ts";

const SPACE = { model: "bench", revision: "1" };

/** Fills its tables directly: a benchmark of search need not wait for a million writes. */
export class BenchShard extends CatalogShard {
  async seed(first: number, vectors: Float32Array<ArrayBuffer>): Promise<void> {
    await this.stats(SPACE);
    const { sql } = this.ctx.storage;
    this.ctx.storage.transactionSync(() => {
      const codes = [];
      for (let at = 0; at < vectors.length / 256; at++) {
        const key = first + at + 1;
        const vector = vectors.slice(at * 256, (at + 1) * 256);
        const fields = JSON.stringify({
          title: `Item ${key}`,
          category: `category-${key % 50}`,
          price: key % 1000,
        });
        sql.exec(
          "INSERT INTO items VALUES (?, ?, ?, NULL, 'https://example.com/', NULL, NULL, 1, 0, 0)",
          key,
          `${first + at}`,
          fields,
        );
        sql.exec("INSERT INTO embeddings (place, space, status) VALUES (?, 1, 'embedded')", placeOf(1, key));
        sql.exec("INSERT INTO vectors VALUES (?, ?)", placeOf(1, key), vector);
        codes.push({ key, code: signCode(vector) });
      }
      writeCodes(sql, 1, codes);
    });
  }
}

export default {
  async fetch(request: Request, env: { SHARD: DurableObjectNamespace }): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const shard = env.SHARD.get(env.SHARD.idFromName("bench")) as unknown as BenchShard;
    const body = new Float32Array(await request.arrayBuffer());
    if (pathname === "/seed") {
      await shard.seed(Number(searchParams.get("first")), body);
      return new Response();
    }
    if (pathname === "/search") {
      const filter = searchParams.get("category");
      const k = Number(searchParams.get("k"));
      const query = { vector: body, k, ...(filter !== null && { filter: { category: filter } }) };
      return Response.json((await shard.search(query, SPACE)).map(({ id }) => Number(id)));
    }
    return Response.json(await shard.stats(SPACE));
  },
};
