import { describe, expect, test } from "vitest";
import { Problem } from "../../src/problem.ts";
import { pinnedName } from "../../src/runtime/manifest.ts";
import type { Tensor, Tensors } from "../../src/runtime/tensor.ts";
import { CompatibilityHead } from "../../src/vision/complete-the-look.ts";
import { ImageEmbedder, type Inference, UnexpectedOutputError } from "../../src/vision/unified-embedding.ts";
import { HEAD, LookInference, WITH_MAP } from "../http/look-models.ts";

const picture = { width: 2, height: 2, data: new Uint8ClampedArray(16).fill(200) };
const map: Tensor = { datatype: "FP32", shape: [2, 2, 2, 3], data: new Float32Array(24) };

/** A host that answers the same whatever it is asked. */
const host = (answer: Tensors): Inference => ({ infer: async () => answer });
const product = (shape: number[], value: number): Tensors => ({
  product: { datatype: "FP32", shape, data: new Float32Array(shape[0]! * shape[1]!).fill(value) },
});

describe("an embedding model with maps", () => {
  test("answers embeddings and maps of one run", async () => {
    const inference = new LookInference();
    const embedder = new ImageEmbedder(WITH_MAP, inference);
    const tensor = embedder.tensorOf(picture);
    const { embeddings, maps } = await embedder.embedWithMaps([tensor, tensor]);
    expect(inference.calls).toEqual([`${pinnedName(WITH_MAP)} embedding map`]);
    expect(embeddings).toEqual(await embedder.embed([tensor, tensor]));
    expect(maps.map).toMatchObject({ datatype: "FP32", shape: [2, 2, 2, 3] });
  });

  test.each([
    ["of another shape", { datatype: "FP32", shape: [1, 2, 2, 4], data: new Float32Array(16) } as const],
    ["of another type", { datatype: "UINT8", shape: [1, 2, 2, 3], data: new Uint8Array(12) } as const],
    ["that is missing", undefined],
  ])("a map %s is refused", async (_, broken) => {
    const embedding = { datatype: "FP32", shape: [1, 16], data: new Float32Array(16).fill(1) } as const;
    const embedder = new ImageEmbedder(WITH_MAP, host({ embedding, ...(broken && { map: broken }) }));
    await expect(embedder.embedWithMaps([embedder.tensorOf(picture)])).rejects.toThrow(UnexpectedOutputError);
  });
});

describe("the head for what goes together", () => {
  test("answers a vector for every product of a batch, asking for nothing else", async () => {
    const inference = new LookInference();
    const products = await new CompatibilityHead(HEAD, inference).products(map);
    expect(products).toEqual([Float32Array.of(0, 1, 0, 0), Float32Array.of(0, 1, 0, 0)]);
    expect(inference.calls).toEqual([`${pinnedName(HEAD)} product`]);
  });

  test("answers a query and an attention for every category of every scene", async () => {
    const scenes = await new CompatibilityHead(HEAD, new LookInference()).scenes(map);
    expect(scenes).toHaveLength(2);
    expect(scenes[1]!.scene).toEqual(Float32Array.of(0, 0, 1, 0));
    expect(scenes[0]!.queries).toEqual([
      Float32Array.of(0, 0.125, 0.25, 0.375),
      Float32Array.of(0.5, 0.625, 0.75, 0.875),
    ]);
    expect(scenes[1]!.queries[0]).toEqual(Float32Array.of(1, 1.125, 1.25, 1.375));
    expect(scenes[1]!.attention[1]).toEqual(Float32Array.of(1.5, 1.625, 1.75, 1.875));
  });

  test.each([
    ["too few rows", product([1, 4], 0.5)],
    ["another length", product([2, 5], 0.5)],
    ["vectors that are not of unit length", product([2, 4], 1)],
    ["numbers that are none", product([2, 4], Number.NaN)],
    ["nothing", {}],
  ])("a host that answers %s does not fit", async (_, answer) => {
    await expect(new CompatibilityHead(HEAD, host(answer)).products(map)).rejects.toThrow(
      UnexpectedOutputError,
    );
  });

  test("what a host finds wrong with the map is not the caller's mistake", async () => {
    const infer = async () => {
      throw new Problem({ status: 400, code: "bad", title: "Bad", detail: "wrong shape" });
    };
    const failed = new CompatibilityHead(HEAD, { infer }).products(map);
    await expect(failed).rejects.toMatchObject({ status: 502 });
  });
});
