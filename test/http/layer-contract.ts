/** What every layer of the embedding cache does. */
import { describe, expect, it } from "vitest";
import type { EmbeddingKey } from "../../src/http/cache/embedding-key.ts";
import type { EmbeddingLayer } from "../../src/http/cache/embedding-layer.ts";

const key: EmbeddingKey = { model: "tiny", revision: "0123456789ab", sha256: "a".repeat(64) };
const vector = Float32Array.of(0.6, -0.8, 1e-30, -0);

export function testEmbeddingLayer(name: string, make: () => EmbeddingLayer): void {
  describe(name, () => {
    it("gives back exactly what was put", async () => {
      const layer = make();
      await layer.put(key, vector);
      expect(await layer.get(key)).toEqual(vector);
      expect(await layer.get(key)).toEqual(vector);
    });

    it("has nothing under other keys", async () => {
      const layer = make();
      await layer.put(key, vector);
      expect(await layer.get({ ...key, sha256: "b".repeat(64) })).toBeUndefined();
      expect(await layer.get({ ...key, revision: "ba9876543210" })).toBeUndefined();
      expect(await layer.get({ ...key, model: "other" })).toBeUndefined();
    });

    it("can be written again", async () => {
      const layer = make();
      await layer.put(key, vector);
      await layer.put(key, vector);
      expect(await layer.get(key)).toEqual(vector);
    });
  });
}
