/** One network of PinCLIP ready to be timed, in workerd and in Node, on whatever its precision is. */
import { readFile } from "node:fs/promises";
import { compile } from "../../src/runtime/engine/compiler/compile.ts";
import { ModelManifest, type Precision } from "../../src/runtime/manifest.ts";
import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import type { Runtime, Session } from "../../src/runtime/session.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import type { Contender } from "../bench.ts";
import { openEngine } from "../engine/open-engine.ts";
import { openInWorkerd } from "../workerd/time-in-workerd.ts";

const MODELS = new URL("../../models/", import.meta.url);

/** Length of a measurement in milliseconds: long against the jitter of a request. */
const MEASURE_MS = 300;

/** Milliseconds before anything counts: V8 optimises onnxruntime-web only after many inferences. */
const WARM_UP_MS = 2_000;

/** Repetitions of one step of the warm-up. */
const STEP = 10;

/** Milliseconds below which one inference is not believed to be: the first ones are noise for a small network. */
const LEAST_MS = 0.02;

export interface Network {
  readonly manifest: ModelManifest;
  /** Where a precision's .onnx file is. @throws where there is none */
  file(precision: Precision): URL;
}

/** A network of `models/`. */
export async function network(name: string): Promise<Network> {
  const folder = new URL(`${name}/`, MODELS);
  const manifest = ModelManifest.parse(JSON.parse(await readFile(new URL("manifest.json", folder), "utf8")));
  return {
    manifest,
    file(precision) {
      const file = manifest.files[precision];
      if (!file) throw new Error(`${name} has no ${precision} file`);
      return new URL(file.path, folder);
    },
  };
}

/** On the engine in a workerd of its own, as the model host runs what has a plan. @param pixels the picture */
export async function onEngine(one: Network, pixels: Uint8Array): Promise<Contender> {
  const compiled = compile(new Uint8Array(await readFile(one.file("int8"))));
  if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));
  const model = await openEngine(compiled.plan, pixels);
  return { ...(await repeated(model.time)), close: model.close };
}

/** On onnxruntime-web in a workerd of its own, as the model host runs what has no plan. */
export async function inWorkerd(one: Network, precision: Precision, inputs: Tensors): Promise<Contender> {
  const model = await openInWorkerd(new Uint8Array(await readFile(one.file(precision))), inputs);
  return { ...(await repeated(model.time)), close: model.close };
}

/** On onnxruntime-web in this process. */
export function webInNode(one: Network, precision: Precision, inputs: Tensors): Promise<Contender> {
  return inSession(wasmRuntime(), one, precision, inputs);
}

/** On onnxruntime-node, one thread. */
export function native(one: Network, precision: Precision, inputs: Tensors): Promise<Contender> {
  return inSession(oneThread(), one, precision, inputs);
}

/** A session of onnxruntime-node on one thread. */
export async function nativeSession(one: Network, precision: Precision): Promise<Session> {
  return load(oneThread(), one, precision);
}

const oneThread = () => nativeRuntime({ provider: "cpu", threads: 1 });

async function load(runtime: Runtime, { manifest, file }: Network, precision: Precision): Promise<Session> {
  return runtime.load(new Uint8Array(await readFile(file(precision))), { manifest, precision });
}

async function inSession(
  runtime: Runtime,
  one: Network,
  precision: Precision,
  inputs: Tensors,
): Promise<Contender> {
  const session = await load(runtime, one, precision);
  const timed = await repeated(async (k) => {
    const start = performance.now();
    for (let left = k; left > 0; left--) await session.run(inputs);
    return (performance.now() - start) / k;
  });
  return { ...timed, close: () => session.dispose() };
}

/** Warms up, and chooses how many repetitions make a measurement. */
export async function repeated(time: (k: number) => Promise<number>): Promise<Contender> {
  await time(STEP);
  const end = performance.now() + WARM_UP_MS;
  while (performance.now() < end) await time(STEP);
  const k = Math.max(3, Math.ceil(MEASURE_MS / Math.max(LEAST_MS, await time(STEP))));
  return { measure: () => time(k) };
}
