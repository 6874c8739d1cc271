/** Tensor → result on Corkboard's own engine, against onnxruntime in workerd and natively on one thread. */
import { readdir, readFile } from "node:fs/promises";
import * as ort from "onnxruntime-node";
import { compile } from "../src/runtime/engine/compiler/compile.ts";
import type { Bench, Case, Contender } from "./bench.ts";
import { openEngine } from "./engine/open-engine.ts";
import { openInWorkerd } from "./workerd/time-in-workerd.ts";

const SHIPPED = new URL("../models/unified-embedding/unified-embedding.", import.meta.url);
/** What `engine/export_peers.py` writes; the folder is not part of the repository. */
const PEERS = new URL("engine/peers/", import.meta.url);
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
    },
  };
}

async function engine(file: URL): Promise<Contender> {
  const onnx = new Uint8Array(await readFile(file));
  const compiled = compile(onnx);
  if ("unsupported" in compiled) throw new Error(`${file.pathname}: ${JSON.stringify(compiled.unsupported)}`);
  const model = await openEngine(compiled.plan, (await inputOf(onnx)).data);
  console.error(
    `  load ${model.loadMs.toFixed(1)} ms, load and first inference ${model.coldMs.toFixed(1)} ms, ` +
      `heap ${(model.heapBytes / 2 ** 20).toFixed(1)} MiB, plan ${(compiled.plan.length / 2 ** 20).toFixed(1)} MiB`,
  );
  return { ...(await repeated(model.time)), close: model.close };
}

async function inWorkerd(file: URL): Promise<Contender> {
  const onnx = new Uint8Array(await readFile(file));
  const { name, shape, data } = await inputOf(onnx);
  const model = await openInWorkerd(onnx, { [name]: { datatype: "UINT8", shape, data } });
  return { ...(await repeated(model.time)), close: model.close };
}

async function native(file: URL): Promise<Contender> {
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
  return { name: input.name, shape, data: Uint8Array.from({ length }, (_, i) => (i * 31) % 251) };
}
