/**
 * Milliseconds of the model in workerd with onnxruntime-web (one thread), one item of eight pictures and four long
 * texts at a time, and of finding the n-grams of those texts in Node:
 *
 *     npx tsx models/itemsage/time-itemsage.ts
 *
 * Writes `results/latency.json`. The text encoder's time comes on top: see pinclip-text.
 */
import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { median } from "../../bench/median.ts";
import { openInWorkerd } from "../../bench/workerd/time-in-workerd.ts";
import { ngramIds } from "../../src/catalog/ngrams.ts";
import { ItemEmbeddingManifest } from "../../src/runtime/manifest.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";

const HERE = new URL("./", import.meta.url);
const ROUNDS = 9;
const INFERENCES = 50;

const manifest = ItemEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", HERE), "utf8")),
);
const { fields, ngrams: most } = manifest.item;
const [pictures, texts] = manifest.inputs.map(({ shape }): Tensor => {
  const data = Float32Array.from({ length: shape[1]! * shape[2]! }, (_, at) => Math.sin(at) / 16);
  return { datatype: "FP32", shape: [1, shape[1]!, shape[2]!], data };
}) as [Tensor, Tensor];
const long = Array.from({ length: 400 }, (_, at) => `word${(at * 7919) % 1000}`).join(" ");
const findNgrams = () => fields.map(() => ngramIds(long, most));
const ngrams: Tensor = {
  datatype: "INT32",
  shape: [1, fields.length, most],
  data: Int32Array.from(findNgrams().flat()),
};

const bytes = new Uint8Array(await readFile(new URL(manifest.files.fp32!.path, HERE)));
const model = await openInWorkerd(bytes, { pictures, texts, ngrams });
const times = { model: [] as number[], ngrams: [] as number[] };
await model.time(INFERENCES);
for (let round = 0; round < ROUNDS; round++) {
  times.model.push(await model.time(INFERENCES));
  const before = performance.now();
  for (let at = 0; at < INFERENCES; at++) findNgrams();
  times.ngrams.push((performance.now() - before) / INFERENCES);
}
await model.close();
const hundredth = (ms: number) => Math.round(ms * 100) / 100;
const rows = Object.entries(times).map(([name, all]) => ({
  name,
  ms: hundredth(median(all)),
  least: hundredth(Math.min(...all)),
}));
console.table(rows);
const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, rounds: ROUNDS };
const result = { machine, bytes: bytes.byteLength, pictures: manifest.item.max_pictures, rows };
await writeFile(new URL("results/latency.json", HERE), `${JSON.stringify(result, null, 2)}\n`);
