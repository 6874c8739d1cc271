/** Tensor → result on Corkboard's own engine, against onnxruntime in workerd and natively on one thread. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { compile } from "../src/runtime/engine/compiler/compile.ts";
import type { Bench, Case, Contender } from "./bench.ts";
import { type ColdStart, coldWorker } from "./engine/cold/cold-start.ts";
import { openEngine } from "./engine/open-engine.ts";
import { openLiteRt } from "./engine/open-litert.ts";
import { openInWorkerd } from "./workerd/time-in-workerd.ts";

const SHIPPED = new URL("../models/unified-embedding/unified-embedding.", import.meta.url);
/** What `engine/export_peers.py` writes; the folder is not part of the repository. */
const PEERS = new URL("engine/peers/", import.meta.url);
/** MobileNetV2 of Google's, trained and quantised (int8 weights and activations): the same layers as the peer's. */
const TFLITE = join(
  process.env.CORKBOARD_DATA ?? "../shared/data",
  "weights/tf2_mobilenet_v2_1.0_224_ptq.tflite",
);
/** Length of a measurement in milliseconds: long against the jitter of a request. */
const MEASURE_MS = 250;

export const bench: Bench = {
  title: "Networks at batch 1, one thread",
  unit: "ms",
  ours: "engine in workerd",
  async cases() {
    const files = await readdir(PEERS).catch(() => []);
    const names = files
      .filter((file) => file.endsWith(".int8.onnx"))
      .map((file) => file.slice(0, -".int8.onnx".length));
    return [
      networkCase("unified-embedding", SHIPPED.href),
      ...names.sort().map((name) => networkCase(name, new URL(`${name}.`, PEERS).href)),
      coldCase("cold: process start to first embedding", ({ readyMs, firstMs }) => readyMs + firstMs),
      coldCase("cold: workerd ready to first embedding", ({ firstMs }) => firstMs),
      { ...coldCase("cold: heap then, MiB", ({ heapBytes }) => heapBytes / 2 ** 20), unit: "MiB" },
    ];
  },
};

export function networkCase(name: string, prefix: string): Case {
  const file = (precision: string) => new URL(`${prefix}${precision}.onnx`);
  return {
    name,
    subjects: {
      "engine in workerd": () => engine(file("int8")),
      "onnxruntime-web int8, workerd": () => inWorkerd(file("int8")),
      "onnxruntime-web fp32, workerd": () => inWorkerd(file("fp32")),
      "onnxruntime int8, native": () => native(file("int8")),
      "onnxruntime fp32, native": () => native(file("fp32")),
      ...(name === "mobilenetv2" && existsSync(TFLITE) && { "LiteRT.js int8, workerd": liteRt }),
    },
  };
}

/** A process of workerd, which has the shipped model in its Worker, from nothing to its first answer. */
function coldCase(name: string, figure: (start: ColdStart) => number): Case {
  const worker = (kind: string) => new URL(`engine/cold/${kind}-worker.ts`, import.meta.url);
  const contender = async (kind: string, model: Uint8Array): Promise<Contender> => {
    const cold = await coldWorker(worker(kind), model, pixels(224 * 224 * 3));
    // The first start reads the binary from disk.
    await cold.start();
    return { measure: async () => figure(await cold.start()), close: cold.close };
  };
  const onnx = async (precision: string) =>
    new Uint8Array(await readFile(new URL(`${SHIPPED.href}${precision}.onnx`)));
  return {
    name,
    subjects: {
      "engine in workerd": async () => contender("engine", planOf(await onnx("int8"), name)),
      "onnxruntime-web int8, workerd": async () => contender("onnxruntime", await onnx("int8")),
      "onnxruntime-web fp32, workerd": async () => contender("onnxruntime", await onnx("fp32")),
    },
  };
}

function planOf(onnx: Uint8Array, name: string): Uint8Array {
  const compiled = compile(onnx);
  if ("unsupported" in compiled) throw new Error(`${name}: ${JSON.stringify(compiled.unsupported)}`);
  return compiled.plan;
}

export async function engine(file: URL): Promise<Contender> {
  const onnx = new Uint8Array(await readFile(file));
  const plan = planOf(onnx, file.pathname);
  const model = await openEngine(plan, (await inputOf(onnx)).data);
  console.error(
    `  load ${model.loadMs.toFixed(1)} ms, load and first inference ${model.coldMs.toFixed(1)} ms, ` +
      `heap ${(model.heapBytes / 2 ** 20).toFixed(1)} MiB, plan ${(plan.length / 2 ** 20).toFixed(1)} MiB`,
  );
  return { ...(await repeated(model.time)), close: model.close };
}

async function inWorkerd(file: URL): Promise<Contender> {
  const onnx = new Uint8Array(await readFile(file));
  const { name, shape, data } = await inputOf(onnx);
  const model = await openInWorkerd(onnx, { [name]: { datatype: "UINT8", shape, data } });
  return { ...(await repeated(model.time)), close: model.close };
}

async function liteRt(): Promise<Contender> {
  const model = await openLiteRt(new Uint8Array(await readFile(TFLITE)), pixels(224 * 224 * 3));
  return { ...(await repeated(model.time)), close: model.close };
}

export async function native(file: URL): Promise<Contender> {
  const onnx = new Uint8Array(await readFile(file));
  const { name, shape, data } = await inputOf(onnx);
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 as const };
  const session = await ort.InferenceSession.create(onnx, options);
  const feeds = { [name]: new ort.Tensor("uint8", data, shape) };
  const timed = await repeated(async (k) => {
    const start = performance.now();
    for (let left = k; left > 0; left--) await session.run(feeds);
    return (performance.now() - start) / k;
  });
  return { ...timed, close: () => session.release() };
}

/** Warms up until V8 has optimised the kernels, and chooses how many inferences make a measurement. */
async function repeated(time: (k: number) => Promise<number>): Promise<Contender> {
  await time(5);
  const k = Math.max(3, Math.ceil(MEASURE_MS / (await time(5))));
  return { measure: () => time(k) };
}

/** Name and shape of the model's input, and pixels for it. */
async function inputOf(onnx: Uint8Array): Promise<{ name: string; shape: number[]; data: Uint8Array }> {
  const session = await ort.InferenceSession.create(onnx, { logSeverityLevel: 3 });
  const [input] = session.inputMetadata;
  await session.release();
  if (!input?.isTensor) throw new TypeError("The model takes no tensor.");
  const shape = input.shape.map((size) => (typeof size === "number" && size > 0 ? size : 1));
  const length = shape.reduce((product, size) => product * size, 1);
  return { name: input.name, shape, data: pixels(length) };
}

const pixels = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31) % 251);
