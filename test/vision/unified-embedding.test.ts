import { describe, expect, it } from "vitest";
import { Problem } from "../../src/problem.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import {
  ImageEmbedder,
  type Inference,
  prefix,
  signCode,
  UnexpectedOutputError,
} from "../../src/vision/unified-embedding.ts";
import { TINY } from "../http/fakes.ts";

const picture = { width: 2, height: 2, data: new Uint8ClampedArray(16).fill(200) };

/** A host that answers the same whatever it is asked. */
function host(answer: Tensors | Error): Inference & { asked: Tensors[] } {
  const asked: Tensors[] = [];
  return {
    asked,
    infer: async (_model, inputs) => {
      asked.push(inputs);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

const rows = (count: number, value = 2): Tensors => ({
  embedding: { datatype: "FP32", shape: [count, 16], data: new Float32Array(count * 16).fill(value) },
});

describe("embedding pictures", () => {
  it("sends one batch and answers unit vectors in its order", async () => {
    const data = new Float32Array(32).fill(0);
    data[0] = 3;
    data[16 + 5] = -4;
    const inference = host({ embedding: { datatype: "FP32", shape: [2, 16], data } });
    const embedder = new ImageEmbedder(TINY, inference);
    const tensor = embedder.tensorOf(picture);
    const [first, second] = await embedder.embed([tensor, tensor]);
    expect(inference.asked[0]!.image).toMatchObject({ datatype: "UINT8", shape: [2, 8, 8, 3] });
    expect(first![0]).toBe(1);
    expect(second![5]).toBe(-1);
  });

  it.each([
    ["too few rows", rows(1)],
    ["a vector without direction", rows(2, 0)],
    ["numbers that are none", rows(2, Number.NaN)],
    ["no such output", { other: rows(2).embedding! }],
  ])("refuses %s", async (_, answer) => {
    const embedder = new ImageEmbedder(TINY, host(answer));
    const tensor = embedder.tensorOf(picture);
    await expect(embedder.embed([tensor, tensor])).rejects.toBeInstanceOf(UnexpectedOutputError);
  });

  it("does not blame the caller for what the host refuses", async () => {
    const refusal = new Problem({
      status: 404,
      code: "model-not-found",
      title: "No",
      detail: "No such model.",
    });
    const embedder = new ImageEmbedder(TINY, host(refusal));
    await expect(embedder.embed([embedder.tensorOf(picture)])).rejects.toMatchObject({
      status: 502,
      cause: refusal,
    });
  });

  it("passes on that the host is away", async () => {
    const away = new Problem({ status: 503, code: "away", title: "Away", detail: "Away.", retryAfter: 3 });
    const embedder = new ImageEmbedder(TINY, host(away));
    await expect(embedder.embed([embedder.tensorOf(picture)])).rejects.toBe(away);
  });

  it("takes models that normalise outside of the graph", () => {
    const manifest = {
      ...TINY,
      input: { name: "image", datatype: "FP32" as const, shape: [-1, 3, 8, 8] },
      preprocess: {
        ...TINY.preprocess,
        layout: "NCHW" as const,
        normalize: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const,
      },
    };
    const embedder = new ImageEmbedder(manifest as unknown as typeof TINY, host(rows(1)));
    expect(embedder.tensorOf(picture)).toMatchObject({ datatype: "FP32", shape: [1, 3, 8, 8] });
  });
});

describe("sign codes", () => {
  it("packs eight signs a byte, most significant bit first; zero is no positive", () => {
    expect([...signCode(Float32Array.of(1, -1, 0, 2, -3, -3, -3, 1))]).toEqual([0b1001_0001]);
  });

  it("fills the last byte with zeros", () => {
    expect([...signCode(Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1))]).toEqual([0xff, 0x80]);
  });
});

describe("prefixes", () => {
  it("have unit length and keep the direction", () => {
    const head = prefix(Float32Array.of(0.6, 0, 0.8, 0), 2);
    expect([...head]).toEqual([1, 0]);
  });

  it("are the vector itself at full length", () => {
    const vector = Float32Array.of(0.6, 0.8);
    expect(prefix(vector, 2)).toBe(vector);
  });

  it("are never longer than the vector", () => {
    expect(() => prefix(Float32Array.of(1), 2)).toThrow(RangeError);
  });
});
