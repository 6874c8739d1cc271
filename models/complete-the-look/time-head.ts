/**
 * Milliseconds of the head in workerd with onnxruntime-web (one thread), one map at a time, and of the backbone's fp32
 * file in the same run for scale:
 *
 *     npx tsx models/complete-the-look/time-head.ts
 *
 * Both are open at once and take turns. Writes `results/latency.json`.
 */
import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { median } from "../../bench/median.ts";
import { openInWorkerd } from "../../bench/workerd/time-in-workerd.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";

const HERE = new URL("./", import.meta.url);
const ROUNDS = 9;

const map: Tensor = {
  datatype: "FP32",
  shape: [1, 7, 7, 320],
  data: Float32Array.from({ length: 49 * 320 }, (_, index) => Math.sin(index)),
};
const image: Tensor = {
  datatype: "UINT8",
  shape: [1, 224, 224, 3],
  data: Uint8Array.from({ length: 224 * 224 * 3 }, (_, index) => (index * 31) % 251),
};
const open = async (file: string, inputs: Record<string, Tensor>) =>
  openInWorkerd(new Uint8Array(await readFile(new URL(file, HERE))), inputs);
const subjects = [
  { name: "head", inferences: 100, model: await open("complete-the-look.fp32.onnx", { map }) },
  {
    name: "backbone fp32",
    inferences: 4,
    model: await open("../unified-embedding/unified-embedding.fp32.onnx", { image }),
  },
].map((subject) => ({ ...subject, times: [] as number[] }));

for (const { model, inferences } of subjects) await model.time(inferences);
for (let round = 0; round < ROUNDS; round++)
  for (const { model, inferences, times } of subjects) times.push(await model.time(inferences));
const tenth = (ms: number) => Math.round(ms * 10) / 10;
const rows = subjects.map(({ name, times }) => ({
  name,
  ms: tenth(median(times)),
  least: tenth(Math.min(...times)),
}));
for (const { model } of subjects) await model.close();
console.table(rows);
const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, rounds: ROUNDS };
await writeFile(new URL("results/latency.json", HERE), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
