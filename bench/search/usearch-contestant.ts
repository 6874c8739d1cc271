/** usearch, native: HNSW over bfloat16, as it recommends; with float32 its package fills twenty times slower. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contestant, DIMENSIONS } from "./contestant.ts";

/** What is used of the package, whose own types are for another module system. */
interface Usearch {
  Index: new (options: object) => UsearchIndex;
  exactSearch(
    dataset: Float32Array,
    queries: Float32Array,
    dimensions: number,
    count: number,
    metric: string,
    threads: number,
  ): { keys: BigUint64Array };
}

interface UsearchIndex {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  search(vector: Float32Array, k: number, threads: number): { keys: BigUint64Array };
  save(path: string): void;
  load(path: string): void;
}

const usearch = createRequire(import.meta.url)("usearch") as Usearch;
const THREADS = 2;

const OPTIONS = { dimensions: DIMENSIONS, metric: "cos", quantization: "bf16" };

/** Keys of the `k` nearest of every query by exact comparison of all floats, one query after the other. */
export function exactNeighbours(
  vectors: Float32Array<ArrayBuffer>,
  queries: Float32Array<ArrayBuffer>,
  k: number,
  threads = THREADS,
): number[][] {
  const { keys } = usearch.exactSearch(vectors, queries, DIMENSIONS, k, "ip", threads);
  return Array.from({ length: queries.length / DIMENSIONS }, (_, at) =>
    [...keys.slice(at * k, (at + 1) * k)].map(Number),
  );
}

export async function usearchContestant(): Promise<Contestant> {
  const folder = await mkdtemp(join(tmpdir(), "corkboard-usearch-"));
  const path = join(folder, "index.usearch");
  let index = new usearch.Index(OPTIONS);
  const search = async (vector: Float32Array<ArrayBuffer>, k: number) =>
    [...index.search(vector, k, 1).keys].map(Number);
  return {
    async build(vectors) {
      const keys = BigUint64Array.from({ length: vectors.length / DIMENSIONS }, (_, key) => BigInt(key));
      index.add(keys, vectors, THREADS);
      index.save(path);
    },
    search,
    async reload(probe) {
      index = new usearch.Index(OPTIONS);
      const started = performance.now();
      index.load(path);
      await search(probe, 10);
      return performance.now() - started;
    },
    // It does not say; what it writes to disk is what it holds.
    memoryBytes: async () => (await stat(path)).size,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
