/** How the queue's consumer is wired: which models run for which vectors. */
import { describe, expect, test } from "vitest";
import { consumeMessages, looksOf } from "../../functions/api/catalog.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { Embedded, Failure, Wanted } from "../../src/catalog/shard/protocol.ts";
import { headFor } from "../../src/http/model-registry.ts";
import { partsOf } from "../../src/http/parts.ts";
import { type ModelManifest, type ObjectDetectionManifest, pinnedName } from "../../src/runtime/manifest.ts";
import { MemoryBucket, TINY } from "../http/fakes.ts";
import { HEAD, LookInference, WITH_MAP } from "../http/look-models.ts";
import { drawJpeg } from "../http/pictures.ts";

const ENCODER = pinnedName(WITH_MAP);

/** Consumes a message of one item, in a catalogue that wants these vectors. */
async function consumed(wanted: Wanted, inference = new LookInference(), bucket = new MemoryBucket()) {
  const models: ModelManifest[] = [WITH_MAP, HEAD];
  const finished: Embedded[] = [];
  const failed: Failure[] = [];
  const space = { model: WITH_MAP.name, revision: WITH_MAP.revision, dimensions: 16 };
  const companion = { model: HEAD.name, revision: HEAD.revision, dimensions: 4 };
  const shard = {
    claim: async (ids: string[]) => ids.map((id) => ({ id, image: { sha256: "0".repeat(64) }, wanted })),
    finish: async (some: Embedded[]) => void finished.push(...some),
    fail: async (some: Failure[]) => void failed.push(...some),
  };
  const catalog = {
    space,
    targetOf: () => ({ ...space, companion, looks: [] }),
    pictures: { get: async () => drawJpeg(1) },
    shards: {
      groups: (ids: string[]) => new Map([[0, ids]]),
      at: async (_: number, call: (stub: unknown) => unknown) => call(shard),
    },
  } as unknown as Catalog;
  const dependencies = { models, inference, bucket };
  const parts = partsOf(dependencies);
  const body = { space: { model: space.model, revision: space.revision }, ids: ["a"] };
  const outcomes: string[] = [];
  const message = { body, ack: () => void outcomes.push("ack"), retry: () => void outcomes.push("retry") };
  const pictures = { get: async () => null };
  await consumeMessages([message], { catalog, pictures }, parts, dependencies);
  return { finished, failed, outcomes, calls: inference.calls, bucket };
}

describe("the consumer of the queue", () => {
  test("a new item takes one run of the embedding model and one of the head", async () => {
    const { finished, calls, outcomes, bucket } = await consumed({ vector: true, companion: true });
    expect(outcomes).toEqual(["ack"]);
    expect(calls).toEqual([`${ENCODER} embedding map`, `${pinnedName(HEAD)} product`]);
    expect(finished).toMatchObject([
      { id: "a", vector: new Float32Array(16).fill(0.25), companion: Float32Array.of(0, 1, 0, 0) },
    ]);
    expect(bucket.objects.size).toBe(1);
  });

  test("where the vector alone is wanted, the cache may do, and no head runs", async () => {
    const first = await consumed({ vector: true, companion: false });
    expect(first.calls).toEqual([`${ENCODER} embedding`]);
    expect(first.finished[0]).not.toHaveProperty("companion");
    const inference = new LookInference();
    const second = await consumed({ vector: true, companion: false }, inference, first.bucket);
    expect(second.calls).toEqual([]);
    expect(second.finished[0]!.vector).toEqual(first.finished[0]!.vector);
  });

  test("an embedding in the cache is no map: for the companion the model runs again", async () => {
    const { bucket } = await consumed({ vector: true, companion: false });
    const { calls, finished } = await consumed(
      { vector: false, companion: true },
      new LookInference(),
      bucket,
    );
    expect(calls).toEqual([`${ENCODER} embedding map`, `${pinnedName(HEAD)} product`]);
    expect(finished).toMatchObject([{ id: "a", companion: Float32Array.of(0, 1, 0, 0) }]);
    expect(finished[0]).not.toHaveProperty("vector");
  });

  test("a head that is down costs the companion only", async () => {
    const inference = new LookInference();
    inference.before = (model) => {
      if (model === pinnedName(HEAD)) throw new Error("down");
    };
    const { finished, failed } = await consumed({ vector: true, companion: true }, inference);
    expect(finished).toMatchObject([{ id: "a", vector: new Float32Array(16).fill(0.25) }]);
    expect(failed).toMatchObject([
      { id: "a", reason: "down", permanent: false, wanted: { vector: false, companion: true } },
    ]);
  });
});

describe("models that belong together", () => {
  test("a head is used with the very backbone that it names, where that answers its map", () => {
    expect(headFor(WITH_MAP, [WITH_MAP, HEAD])).toBe(HEAD);
    expect(headFor(TINY, [TINY, HEAD])).toBeUndefined();
    expect(headFor({ ...WITH_MAP, revision: "000000000000" }, [HEAD])).toBeUndefined();
    expect(headFor(WITH_MAP, [WITH_MAP])).toBeUndefined();
  });

  test("look categories are those of all models that have some", () => {
    const detector = {
      task: "object-detection",
      detection: { categories: ["sofa", "chair"] },
    } as unknown as ObjectDetectionManifest;
    expect(looksOf([TINY, detector, HEAD])).toEqual(["sofa", "chair", "lamp"]);
    expect(looksOf([TINY])).toEqual([]);
  });
});
