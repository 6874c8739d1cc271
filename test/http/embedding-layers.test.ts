import { describe, expect, it } from "vitest";
import { bucketLayer } from "../../src/http/cache/bucket-layer.ts";
import { edgeLayer } from "../../src/http/cache/edge-layer.ts";
import { EmbeddingCache } from "../../src/http/cache/embedding-cache.ts";
import type { EmbeddingKey } from "../../src/http/cache/embedding-key.ts";
import type { EmbeddingLayer } from "../../src/http/cache/embedding-layer.ts";
import { MemoryBucket, MemoryEdge } from "./fakes.ts";
import { testEmbeddingLayer } from "./layer-contract.ts";

const key: EmbeddingKey = { model: "tiny", revision: "0123456789ab", sha256: "a".repeat(64) };
const vector = Float32Array.of(0.6, -0.8);

testEmbeddingLayer("edge layer", () => edgeLayer(new MemoryEdge(), "https://cork.example"));
testEmbeddingLayer("bucket layer", () => bucketLayer(new MemoryBucket()));

describe("layers", () => {
  it("keep copies of one origin from another", async () => {
    const edge = new MemoryEdge();
    await edgeLayer(edge, "https://one.example").put(key, vector);
    expect(await edgeLayer(edge, "https://two.example").get(key)).toBeUndefined();
  });

  it("store little-endian float32", async () => {
    const bucket = new MemoryBucket();
    await bucketLayer(bucket).put(key, Float32Array.of(1));
    expect([...bucket.objects.values()].map((bytes) => [...bytes])).toEqual([[0, 0, 0x80, 0x3f]]);
  });

  it("take broken bytes for nothing", async () => {
    const bucket = new MemoryBucket();
    await bucketLayer(bucket).put(key, vector);
    for (const name of bucket.objects.keys()) bucket.objects.set(name, new Uint8Array(5));
    expect(await bucketLayer(bucket).get(key)).toBeUndefined();
  });
});

describe("the cache", () => {
  const layers = () => ({
    edge: edgeLayer(new MemoryEdge(), "https://cork.example"),
    store: bucketLayer(new MemoryBucket()),
  });
  const work: Promise<unknown>[] = [];
  const background = (one: Promise<unknown>) => void work.push(one);

  it("finds in the farther layer and copies to the nearer", async () => {
    const { edge, store } = layers();
    await store.put(key, vector);
    const cache = new EmbeddingCache([edge, store], () => expect.fail("no layer fails"));
    expect((await cache.find(key, background))?.from).toBe("store");
    await Promise.all(work);
    expect(await cache.find(key, background)).toEqual({ embedding: vector, from: "edge" });
  });

  it("keeps in every layer", async () => {
    const { edge, store } = layers();
    await new EmbeddingCache([edge, store], () => undefined).keep(key, vector);
    expect(await edge.get(key)).toEqual(vector);
    expect(await store.get(key)).toEqual(vector);
  });

  it("takes an embedding of another length for nothing", async () => {
    const { edge } = layers();
    await edge.put(key, vector);
    expect(await new EmbeddingCache([edge], () => undefined).find(key, background, 256)).toBeUndefined();
  });

  it("goes on without a layer that fails, and tells of it", async () => {
    const broken: EmbeddingLayer = {
      name: "store",
      get: () => Promise.reject(new Error("away")),
      put: () => Promise.reject(new Error("away")),
    };
    const told: string[] = [];
    const { edge } = layers();
    const cache = new EmbeddingCache([broken, edge], (layer, action) => told.push(`${layer} ${action}`));
    await cache.keep(key, vector);
    expect((await cache.find(key, background))?.embedding).toEqual(vector);
    await Promise.all(work);
    expect(told).toEqual(["store put", "store get", "store put"]);
  });
});
