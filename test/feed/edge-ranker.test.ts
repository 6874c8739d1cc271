import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { FEED_ACTIONS } from "../../src/feed/actions.ts";
import {
  EdgeRanker,
  FEATURES,
  ForeignRankerError,
  MAX_RANKED,
  rankAtEdge,
} from "../../src/feed/edge-ranker.ts";
import { RankingManifest } from "../../src/runtime/manifest.ts";
import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import { type Inference, UnexpectedOutputError } from "../../src/vision/unified-embedding.ts";

const FOLDER = new URL("../../models/feed-ranker/", import.meta.url);
const read = async (path: string) => JSON.parse(await readFile(new URL(path, FOLDER), "utf8"));
const manifest = RankingManifest.parse(await read("manifest.json"));
const bytes = new Uint8Array(await readFile(new URL(manifest.files.fp32!.path, FOLDER)));
const reference = "feed-ranker@0123456789ab";

/** A host that answers the same whatever it is asked. */
const host = (probabilities?: Tensor): Inference => ({
  infer: async () => (probabilities ? { probabilities } : {}),
});
const answer = (rows: number, values: ArrayLike<number>): Tensor => ({
  ...{ datatype: "FP32", shape: [rows, FEED_ACTIONS.length] },
  data: Float32Array.from(values),
});
const rows = (count: number) => new Float32Array(count * FEATURES.length);

describe("the shipped ranker", () => {
  it.each([
    ["onnxruntime-node", nativeRuntime({ provider: "cpu", threads: 1 })],
    ["onnxruntime-web", wasmRuntime()],
  ])("answers on %s what it answered in training", async (_, runtime) => {
    const parity = (await read("results/parity.json")) as { features: number[][]; probabilities: number[][] };
    const session = await runtime.load(bytes, { manifest, precision: "fp32" });
    const inference: Inference = { infer: (_model, inputs) => session.run(inputs) };
    const count = parity.features.length;
    expect(count).toBeGreaterThanOrEqual(32);
    const found = await rankAtEdge(
      inference,
      { reference },
      Float32Array.from(parity.features.flat()),
      count,
    );
    for (const [at, expected] of parity.probabilities.flat().entries()) {
      expect(Math.abs(found[at]! - expected)).toBeLessThan(1e-5);
    }
    await session.dispose();
  });

  it("expects more of what is near to what somebody likes, and fears more hides near what they hid", async () => {
    const session = await wasmRuntime().load(bytes, { manifest, precision: "fp32" });
    const ranker = new EdgeRanker(manifest, { infer: (_model, inputs) => session.run(inputs) });
    const now = Date.UTC(2026, 0, 9);
    const [liked, hidden, other] = [
      Float32Array.of(1, 0, 0),
      Float32Array.of(0, 1, 0),
      Float32Array.of(0, 0, 1),
    ];
    const actions = Array.from({ length: 30 }, (_, at) => ({
      ...{ vector: at % 3 === 2 ? hidden : liked, action: at % 3 === 2 ? "hide" : "save" },
      at: now - at * 3_600_000,
    })) as { vector: Float32Array; action: "save" | "hide"; at: number }[];
    const candidates = [liked, hidden, other].map((vector) => ({
      ...{ vector, similarity: vector === liked ? 1 : 0, interest: 0 },
    }));
    const context = { interests: [{ vector: liked, importance: 1 }], actions, now };
    const found = await ranker.rank(candidates, context);
    const of = (row: number, name: (typeof FEED_ACTIONS)[number]) =>
      found[row * FEED_ACTIONS.length + FEED_ACTIONS.indexOf(name)]!;
    expect(of(0, "click")).toBeGreaterThan(2 * of(2, "click"));
    expect(of(0, "save")).toBeGreaterThan(2 * of(2, "save"));
    expect(of(1, "hide")).toBeGreaterThan(of(0, "hide"));
    // Far from anything that training saw: still probabilities.
    const wild = rows(2).fill(1e30, 0, FEATURES.length).fill(-1e30, FEATURES.length);
    const inference: Inference = { infer: (_model, inputs) => session.run(inputs) };
    expect((await rankAtEdge(inference, { reference }, wild, 2)).every((one) => one >= 0 && one <= 1)).toBe(
      true,
    );
    await session.dispose();
  });

  it("is small, and made for the features that are computed and the item vectors that are searched", async () => {
    expect(bytes.byteLength).toBeLessThanOrEqual(2 * 1024 * 1024);
    expect(manifest.ranking.features).toEqual([...FEATURES]);
    const item = JSON.parse(await readFile(new URL("../itemsage/manifest.json", FOLDER), "utf8"));
    expect(manifest.ranking.content).toBe(`${item.name}@${item.revision}`);
    expect(new EdgeRanker(manifest, host()).model).toBe(`feed-ranker@${manifest.revision}`);
  });

  it("is not used where it was made for other features or actions", () => {
    const { ranking } = manifest;
    const others = [
      { ...ranking, features: ranking.features.toReversed() },
      { ...ranking, actions: ["click"] },
    ];
    for (const one of others) {
      expect(() => new EdgeRanker({ ...manifest, ranking: one }, host())).toThrow(ForeignRankerError);
    }
  });
});

describe("ranking at the edge", () => {
  it("asks for probabilities by name and revision, and for no candidates asks nobody", async () => {
    const asked: unknown[] = [];
    const inference: Inference = {
      infer: async (model, inputs, options) => {
        asked.push([model, inputs.features!.shape, options]);
        return { probabilities: answer(2, new Float32Array(10).fill(0.5)) };
      },
    };
    expect(await rankAtEdge(inference, { reference }, rows(0), 0)).toHaveLength(0);
    expect(asked).toEqual([]);
    expect(await rankAtEdge(inference, { reference }, rows(2), 2, { timeoutMs: 80 })).toHaveLength(10);
    expect(asked).toEqual([[reference, [2, FEATURES.length], { outputs: ["probabilities"], timeoutMs: 80 }]]);
  });

  it.each([
    ["nothing", undefined],
    ["too few rows", answer(1, new Float32Array(5))],
    ["another type", { datatype: "INT32", shape: [2, 5], data: new Int32Array(10) } as Tensor],
    ["more than certainty", answer(2, new Float32Array(10).fill(1.5))],
    ["no numbers", answer(2, new Float32Array(10).fill(Number.NaN))],
  ])("takes no answer with %s", async (_, probabilities) => {
    await expect(rankAtEdge(host(probabilities), { reference }, rows(2), 2)).rejects.toThrow(
      UnexpectedOutputError,
    );
  });

  it.each([
    ["more candidates than its limit", rows(MAX_RANKED + 1), MAX_RANKED + 1],
    ["a part of a candidate", rows(1), 0.5],
    ["features of another number of candidates", rows(2), 3],
    ["features that are no numbers", rows(1).fill(Number.NaN), 1],
  ])("refuses %s", async (_, features, count) => {
    const full = host(answer(count, []));
    await expect(rankAtEdge(full, { reference }, features, count)).rejects.toThrow(RangeError);
  });
});
