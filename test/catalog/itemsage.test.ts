import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { EmptyItemError, type ItemContent, ItemEmbedder, MAX_ITEMS } from "../../src/catalog/itemsage.ts";
import { Problem } from "../../src/problem.ts";
import { ItemEmbeddingManifest } from "../../src/runtime/manifest.ts";
import type { Session } from "../../src/runtime/session.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import { type Embedding, type Inference, UnexpectedOutputError } from "../../src/vision/unified-embedding.ts";

const MODEL = new URL("../../models/itemsage/", import.meta.url);
const FIXTURE = new URL("../fixtures/itemsage.json", import.meta.url);

/** As models/itemsage/export.py writes it: items, the encoders' vectors, and what the recipe's graph says of them. */
interface Fixture {
  model: string;
  items: {
    texts: Record<string, string>;
    vectors: Record<string, string>;
    pictures: { unified: string; pinclip: string }[];
    embedding: string;
  }[];
}

const decode = (base64: string): Embedding => {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  return new Float32Array(bytes.buffer);
};

const manifest = ItemEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", MODEL), "utf8")),
);
const fixture: Fixture = JSON.parse(await readFile(FIXTURE, "utf8"));
const items: ItemContent[] = fixture.items.map(({ texts, pictures }) => ({
  texts,
  pictures: pictures.map(({ unified, pinclip }) => ({ unified: decode(unified), pinclip: decode(pinclip) })),
}));
const expected = fixture.items.map(({ embedding }) => decode(embedding));

/** Recorded answers of the text encoder, and what was asked of it. */
const recorded = new Map(
  fixture.items.flatMap(({ texts, vectors }) =>
    Object.entries(texts).map(([field, text]) => [text, decode(vectors[field]!)] as const),
  ),
);
const asked: string[][] = [];
const text = {
  embed: async (texts: readonly string[]) => {
    asked.push([...texts]);
    return { embeddings: texts.map((one) => recorded.get(one)!), tokens: 0 };
  },
};

let session: Session;
const inference: Inference = {
  infer: (_, inputs, options) => session.run(inputs, options?.outputs),
};
const embedder = new ItemEmbedder(manifest, inference, text);

beforeAll(async () => {
  const bytes = new Uint8Array(await readFile(new URL(manifest.files.fp32!.path, MODEL)));
  session = await wasmRuntime().load(bytes, { manifest, precision: "fp32" });
  return () => session.dispose();
});

const distance = (a: Embedding, b: Embedding) => Math.max(...a.map((value, at) => Math.abs(value - b[at]!)));

describe("the shipped model", () => {
  test("is the one that the recorded items were embedded with", () => {
    expect(fixture.model).toBe(`${manifest.name}@${manifest.revision}`);
  });

  test("gives items the vectors that the recipe gives them, pictures or texts missing or not", async () => {
    expect(items.some(({ pictures }) => pictures.length === 0)).toBe(true);
    expect(items.some(({ texts }) => Object.values(texts).every((one) => one === ""))).toBe(true);
    const found = await embedder.embed(items);
    expect(found).toHaveLength(items.length);
    for (const [at, vector] of found.entries()) expect(distance(vector, expected[at]!)).toBeLessThan(1e-4);
  });

  test("says the same of an item whatever else is in the batch", async () => {
    const together = await embedder.embed(items);
    for (const [at, item] of items.entries()) {
      const [alone] = await embedder.embed([item]);
      expect(distance(alone!, together[at]!)).toBeLessThan(1e-5);
    }
  });

  test("hears every text once, and no empty one", async () => {
    asked.length = 0;
    const withTitle = items.find(({ texts }) => texts.title)!;
    const twice = {
      pictures: [],
      texts: { title: withTitle.texts.title!, category: withTitle.texts.title! },
    };
    await embedder.embed([twice, twice, { ...items[0]!, texts: { title: "" } }]);
    expect(asked).toEqual([[withTitle.texts.title]]);
  });

  test("does not ask the text encoder about pictures alone", async () => {
    asked.length = 0;
    await embedder.embed([{ pictures: items[0]!.pictures, texts: {} }]);
    expect(asked).toEqual([]);
  });
});

describe("limits and broken answers", () => {
  const [picture] = items[0]!.pictures;
  const answering = (answer: Tensors) => new ItemEmbedder(manifest, { infer: async () => answer }, text);

  test("an item without pictures and texts is a problem of its own", async () => {
    const empty = embedder.embed([items[0]!, { pictures: [], texts: { title: "", description: "" } }]);
    await expect(empty).rejects.toThrow(EmptyItemError);
  });

  test("nothing asked, nothing answered", async () => {
    expect(await embedder.embed([])).toEqual([]);
  });

  test("too many pictures and too many items are refused", async () => {
    const pictures = Array(manifest.item.max_pictures + 1).fill(picture);
    await expect(embedder.embed([{ pictures, texts: {} }])).rejects.toThrow(RangeError);
    await expect(embedder.embed(Array(MAX_ITEMS + 1).fill(items[0]))).rejects.toThrow(RangeError);
    const most = { pictures: pictures.slice(1), texts: {} };
    expect(await embedder.embed([most])).toHaveLength(1);
  });

  test("vectors of another model are refused", async () => {
    const short = { unified: picture!.unified, pinclip: picture!.pinclip.slice(1) };
    await expect(embedder.embed([{ pictures: [short], texts: {} }])).rejects.toThrow(RangeError);
  });

  test.each([
    ["that is missing", {}],
    ["of another shape", { embedding: { datatype: "FP32", shape: [1, 2], data: new Float32Array(2) } }],
    ["without direction", { embedding: { datatype: "FP32", shape: [1, 256], data: new Float32Array(256) } }],
    [
      "of what is no number",
      { embedding: { datatype: "FP32", shape: [1, 256], data: new Float32Array(256).fill(Number.NaN) } },
    ],
  ] as [string, Tensors][])("an answer %s is refused", async (_, answer) => {
    await expect(answering(answer).embed([items[0]!])).rejects.toThrow(UnexpectedOutputError);
  });

  test("what a host finds wrong with the tensors is not the caller's mistake", async () => {
    const refusal = new Problem({
      status: 400,
      code: "invalid-tensor",
      title: "No",
      detail: "no",
      hint: "none",
    });
    const refusing = new ItemEmbedder(manifest, { infer: () => Promise.reject(refusal) }, text);
    await expect(refusing.embed([items[0]!])).rejects.toThrow(UnexpectedOutputError);
  });
});
