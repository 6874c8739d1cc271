/**
 * `npx tsx bench/engine/roofline.ts`: each instruction of the shipped model against what its kernel could reach at
 * most. Writes `bench/results/engine-roofline.json` and `docs/images/engine-roofline.svg`.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { compile } from "../../src/runtime/engine/compiler/compile.ts";
import { readPlan, writePlan } from "../../src/runtime/engine/plan.ts";
import { openEngine } from "./open-engine.ts";
import { peakPlan } from "./peak-plan.ts";
import { type Layer, rooflineSvg } from "./roofline-svg.ts";

const MODEL = new URL("../../models/unified-embedding/unified-embedding.int8.onnx", import.meta.url);
const RESULTS = new URL("../results/", import.meta.url);
const IMAGES = new URL("../../docs/images/", import.meta.url);
const ROUNDS = 5;
/** Length of a measurement in milliseconds. */
const MEASURE_MS = 20;

/** The shortest of several measurements of some instructions: other programs only ever make it longer. */
async function shortest(time: (k: number) => Promise<number>): Promise<number> {
  await time(20);
  const k = Math.max(5, Math.ceil(MEASURE_MS / Math.max(await time(20), 0.005)));
  const figures: number[] = [];
  for (let round = 0; round < ROUNDS; round++) figures.push(await time(k));
  return Math.max(Math.min(...figures), 0.0005);
}

const compiled = compile(new Uint8Array(await readFile(MODEL)));
if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));
const { header } = readPlan(compiled.plan);
const peakOfMix = peakPlan();
const tight = await openEngine(
  writePlan(peakOfMix.header, peakOfMix.image),
  new Uint8Array(peakOfMix.pixels),
);
const peakMs = await shortest((k) => tight.timePart(0, 1, k));
await tight.close();
const peakGmacs = peakOfMix.macs / peakMs / 1e6;

const model = await openEngine(compiled.plan, new Uint8Array(header.inputs[0]!.count).fill(90));
await model.time(30);
const layers: Layer[] = [];
for (const [index, { name, operator, macs }] of header.instructions.entries()) {
  const ms = await shortest((k) => model.timePart(index, 1, k));
  layers.push({ name, operator, macs, ms, gmacs: macs / ms / 1e6 });
}
const wholeMs = await shortest(model.time);
await model.close();

const operators = [...new Set(layers.map(({ operator }) => operator))];
console.table(
  operators.map((operator) => {
    const group = layers.filter((layer) => layer.operator === operator);
    const ms = group.reduce((sum, layer) => sum + layer.ms, 0);
    const macs = group.reduce((sum, layer) => sum + layer.macs, 0);
    return { operator, ms: Number(ms.toFixed(3)), gmacs: Number((macs / ms / 1e6).toFixed(1)) };
  }),
);
console.log(`peak of the inner product ${peakGmacs.toFixed(1)} GMAC/s; whole model ${wholeMs.toFixed(2)} ms`);
await mkdir(RESULTS, { recursive: true });
await mkdir(IMAGES, { recursive: true });
const result = { peakGmacs, wholeMs, layers };
await writeFile(new URL("engine-roofline.json", RESULTS), `${JSON.stringify(result, null, 2)}\n`);
await writeFile(new URL("engine-roofline.svg", IMAGES), rooflineSvg(layers, peakGmacs));
