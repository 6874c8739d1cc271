/** `CatalogShard` in a real workerd, with its SQLite on disk. Every search is a request from outside. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import type { ShardStats } from "../../src/catalog/shard/protocol.ts";
import { COMPATIBILITY_DATE, workerModules } from "../workerd/worker-modules.ts";
import { type Contestant, DIMENSIONS } from "./contestant.ts";

/** Vectors of one request while the shard is filled. */
const STEP = 2_000;

export async function shardContestant(category?: string): Promise<Contestant> {
  const storage = await mkdtemp(join(tmpdir(), "corkboard-bench-"));
  const modules = await workerModules(new URL("shard-worker.ts", import.meta.url));
  const start = async () => {
    const workerd = new Miniflare({
      compatibilityDate: COMPATIBILITY_DATE,
      ...modules,
      durableObjects: { SHARD: { className: "BenchShard", useSQLite: true } },
      durableObjectsPersist: storage,
    });
    await workerd.ready;
    return workerd;
  };
  let workerd = await start();
  const call = async (path: string, body?: Float32Array<ArrayBuffer>) => {
    const bytes = body && new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
    const response = await workerd.dispatchFetch(`http://shard${path}`, {
      method: "POST",
      ...(bytes && { body: bytes }),
    });
    if (!response.ok) throw new Error(await response.text());
    return response;
  };
  const search = async (vector: Float32Array<ArrayBuffer>, k: number) => {
    const filter = category === undefined ? "" : `&category=${category}`;
    return (await (await call(`/search?k=${k}${filter}`, vector)).json()) as number[];
  };
  const probeVector = new Float32Array(DIMENSIONS).fill(DIMENSIONS ** -0.5);
  return {
    async build(vectors) {
      for (let first = 0; first < vectors.length / DIMENSIONS; first += STEP) {
        await call(`/seed?first=${first}`, vectors.subarray(first * DIMENSIONS, (first + STEP) * DIMENSIONS));
      }
    },
    search,
    async reload(probe) {
      await workerd.dispose();
      workerd = await start();
      // Opens the database and starts the isolate, which a load is not about.
      await call("/stats");
      const started = performance.now();
      await search(probe, 10);
      const first = performance.now() - started;
      const again = performance.now();
      await search(probe, 10);
      return first - (performance.now() - again);
    },
    async memoryBytes() {
      // Ten seconds after its last request a shard leaves memory.
      await search(probeVector, 10);
      return ((await (await call("/stats")).json()) as ShardStats).memoryBytes;
    },
    async close() {
      await workerd.dispose();
      await rm(storage, { recursive: true, force: true });
    },
  };
}
