/** The networks of PinCLIP and the item model, one picture, text or item at a time. */
import { readFile } from "node:fs/promises";
import { ngramIds } from "../../src/catalog/ngrams.ts";
import type { ItemEmbeddingManifest, TextEmbeddingManifest } from "../../src/runtime/manifest.ts";
import type { Tensor, Tensors } from "../../src/runtime/tensor.ts";
import { TextTokenizer } from "../../src/vision/text-tokenizer.ts";
import { type Bench, type Case, type Row, runCase } from "../bench.ts";
import type { Section } from "../report.ts";
import { inWorkerd, native, network, onEngine, webInNode } from "./network.ts";
import {
  NATIVE_FP32,
  NATIVE_INT8,
  OURS,
  WEB_FP32_IN_WORKERD,
  WEB_IN_NODE,
  WEB_IN_WORKERD,
} from "./subjects.ts";

const BENCH: Bench = { title: "", unit: "ms", ours: OURS, cases: async () => [] };

const LENGTHS = [8, 16, 64];

/** Enough words for the longest of {@link LENGTHS}. */
const LONG_TEXT =
  "An elegant armchair of brown leather with wooden legs and a soft cushion for reading. ".repeat(8);

/** What a shop says of an item. */
const ITEM = {
  title: "Rustic brown leather armchair",
  description:
    "An armchair with a frame of solid oak and a seat of brown leather that grows softer with the years. " +
    "The legs are screwed on, the cushion can be taken off and cleaned. Made for two metres of reading height.",
  category: "Furniture > Chairs > Armchairs",
  attributes: "colour: brown, material: leather, width: 82",
};

async function runCases(cases: readonly Case[], rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const one of cases) rows.push(...(await runCase(one, BENCH, rounds)));
  return rows;
}

export const imageTower: Section = {
  name: "image tower",
  async run(rounds) {
    const tower = await network("pinclip");
    const { input } = tower.manifest as Extract<typeof tower.manifest, { task: "image-embedding" }>;
    const tensor = pixels([1, ...input.shape.slice(1)]);
    const picture = { [input.name]: tensor };
    const subjects = {
      [OURS]: () => onEngine(tower, tensor.data),
      [WEB_IN_WORKERD]: () => inWorkerd(tower, "int8", picture),
      [WEB_FP32_IN_WORKERD]: () => inWorkerd(tower, "fp32", picture),
      [WEB_IN_NODE]: () => webInNode(tower, "int8", picture),
      [NATIVE_INT8]: () => native(tower, "int8", picture),
      [NATIVE_FP32]: () => native(tower, "fp32", picture),
    };
    return runCases([{ name: "image tower: a picture", subjects }], rounds);
  },
};

export const textTower: Section = {
  name: "text tower",
  async run(rounds) {
    const tower = await network("pinclip-text");
    const { input, text } = tower.manifest as TextEmbeddingManifest;
    const json = await readFile(new URL(text.tokenizer.path, tower.file("int8")), "utf8");
    const ids = new TextTokenizer(json, text).encode(LONG_TEXT);
    const cases = LENGTHS.map((length): Case => {
      const tokens = { [input.name]: int32([1, length], shortened(ids, length)) };
      return {
        name: `text tower: ${length} tokens`,
        subjects: {
          [OURS]: () => inWorkerd(tower, "int8", tokens),
          [WEB_FP32_IN_WORKERD]: () => inWorkerd(tower, "fp32", tokens),
          [WEB_IN_NODE]: () => webInNode(tower, "int8", tokens),
          [NATIVE_INT8]: () => native(tower, "int8", tokens),
          [NATIVE_FP32]: () => native(tower, "fp32", tokens),
        },
      };
    });
    return runCases(cases, rounds);
  },
};

export const joining: Section = {
  name: "joining",
  async run(rounds) {
    const fusion = await network("pinclip-fusion");
    const item = await network("itemsage");
    const both = { image: unit([1, 256]), text: unit([1, 256]) };
    const content = itemInputs(item.manifest as ItemEmbeddingManifest);
    const cases = [
      {
        name: "joining: fusion of a picture and a text",
        subjects: {
          [OURS]: () => inWorkerd(fusion, "fp32", both),
          [NATIVE_FP32]: () => native(fusion, "fp32", both),
        },
      },
      {
        name: "joining: itemsage, a picture and four fields",
        subjects: {
          [OURS]: () => inWorkerd(item, "fp32", content),
          [NATIVE_FP32]: () => native(item, "fp32", content),
        },
      },
    ];
    return runCases(cases, rounds);
  },
};

/** As `ItemEmbedder` lays out one item: the rows of missing pictures are zeros. */
function itemInputs({ inputs, item }: ItemEmbeddingManifest): Tensors {
  const [pictures, texts, ngrams] = inputs.map(({ shape }) => [1, ...shape.slice(1)]) as [
    number[],
    number[],
    number[],
  ];
  const seen = new Float32Array(pictures[1]! * pictures[2]!);
  // One after the other, the vectors of both picture encoders.
  const vector = unit([256]).data;
  seen.set(vector);
  seen.set(vector, vector.length);
  const found = new Int32Array(ngrams[1]! * ngrams[2]!);
  for (const [row, field] of item.fields.entries()) {
    found.set(ngramIds(ITEM[field], item.ngrams), row * item.ngrams);
  }
  return {
    pictures: { datatype: "FP32", shape: pictures, data: seen },
    texts: unit(texts),
    ngrams: int32(ngrams, found),
  };
}

/** The first tokens and the one that marks the end. */
function shortened(ids: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  return Int32Array.of(...ids.subarray(0, length - 1), ids.at(-1)!);
}

function int32(shape: readonly number[], data: Int32Array<ArrayBuffer>): Tensor {
  return { datatype: "INT32", shape, data };
}

/** Rows of unit length, the same on every run. */
function unit(shape: readonly number[]) {
  const count = shape.reduce((product, size) => product * size, 1);
  const width = shape.at(-1)!;
  const signs = Float32Array.from(
    { length: count },
    (_, at) => (Math.sin(at) < 0 ? -1 : 1) / Math.sqrt(width),
  );
  return { datatype: "FP32", shape, data: signs } as const;
}

function pixels(shape: readonly number[]) {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Uint8Array.from({ length: count }, (_, at) => (at * 31) % 251);
  return { datatype: "UINT8", shape, data } as const;
}
