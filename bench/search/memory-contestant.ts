/** The same codes in Node's memory, ranked by vectors in memory: what the scan costs without SQLite and requests. */
import { HammingIndex } from "../../src/catalog/hamming-index.ts";
import { candidatesFor } from "../../src/catalog/rerank.ts";
import { dot } from "../../src/catalog/vector-index.ts";
import { signCode } from "../../src/vision/unified-embedding.ts";
import { type Contestant, DIMENSIONS, row } from "./contestant.ts";

export async function memoryContestant(): Promise<Contestant> {
  const index = await HammingIndex.create();
  let vectors = new Float32Array(0);
  return {
    async build(all) {
      vectors = all;
      for (let key = 0; key < all.length / DIMENSIONS; key++) index.set(key, signCode(row(all, key)));
    },
    async search(vector, k) {
      const { keys } = index.nearest(signCode(vector), candidatesFor(k, 0));
      const scored = Array.from(keys, (key) => ({ key, score: dot(vector, row(vectors, key)) }));
      return scored
        .sort((a, b) => b.score - a.score || a.key - b.key)
        .slice(0, k)
        .map(({ key }) => key);
    },
    memoryBytes: async () => index.memoryBytes + vectors.byteLength,
    async close() {},
  };
}
