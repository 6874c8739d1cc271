/** Tensor → embedding: the shipped model and every candidate, in workerd and what it could be compared with. */
import { readdir, readFile } from "node:fs/promises";
import * as ort from "onnxruntime-node";
import { ImageEmbeddingManifest, type Precision } from "../src/runtime/manifest.ts";
import { nativeRuntime } from "../src/runtime/native-runtime.ts";
import { toTensorSpec } from "../src/runtime/onnx-tensor.ts";
import type { Runtime } from "../src/runtime/session.ts";
import { elementCount, type TensorSpec, type Tensors } from "../src/runtime/tensor.ts";
import { wasmRuntime } from "../src/runtime/wasm-runtime.ts";
import type { Bench, Case, Contender } from "./bench.ts";
import { openInWorkerd } from "./workerd/time-in-workerd.ts";

const MODEL = new URL("../models/unified-embedding/", import.meta.url);
/** Other .onnx files to compare; the folder is not part of the repository. */
const CANDIDATES = new URL("candidates/", MODEL);
/** Length of a measurement in milliseconds: long against the jitter of a request. */
const MEASURE_MS = 300;

export const bench: Bench = {
  title: "Tensor to embedding, one picture, one thread",
  unit: "ms",
  ours: "workerd",
  async cases() {
    return [...(await shippedCases()), ...(await candidateCases())];
  },
};

async function shippedCases(): Promise<Case[]> {
  const manifest = ImageEmbeddingManifest.parse(
    JSON.parse(await readFile(new URL("manifest.json", MODEL), "utf8")),
  );
  return (["int8", "fp32"] as const).flatMap((precision) => {
    const file = manifest.files[precision];
    return file
      ? [modelCase(`${manifest.name} ${precision}`, new URL(file.path, MODEL), manifest, precision)]
      : [];
  });
}

async function candidateCases(): Promise<Case[]> {
  const files = await readdir(CANDIDATES).catch(() => []);
  return files
    .filter((file) => file.endsWith(".onnx"))
    .sort()
    .map((file) => modelCase(`candidates/${file}`, new URL(file, CANDIDATES), undefined, "fp32"));
}

function modelCase(
  name: string,
  url: URL,
  manifest: ImageEmbeddingManifest | undefined,
  precision: Precision,
): Case {
  const inSession = (runtime: Runtime) => async () => {
    const bytes = new Uint8Array(await readFile(url));
    const session = await runtime.load(bytes, {
      manifest: manifest ?? (await sketchedManifest(bytes)),
      precision,
    });
    const inputs = Object.fromEntries(session.inputs.map((spec) => [spec.name, pattern(spec)]));
    const contender = await repeated(async (k) => {
      const start = performance.now();
      for (let left = k; left > 0; left--) await session.run(inputs);
      return (performance.now() - start) / k;
    });
    return { ...contender, close: () => session.dispose() };
  };
  return {
    name,
    subjects: {
      workerd: () => inWorkerd(url),
      "onnxruntime-web in Node": inSession(wasmRuntime()),
      "onnxruntime-node, one thread": inSession(nativeRuntime({ provider: "cpu", threads: 1 })),
    },
  };
}

async function inWorkerd(url: URL): Promise<Contender> {
  const bytes = new Uint8Array(await readFile(url));
  const model = await openInWorkerd(bytes, await patterns(bytes));
  return { ...(await repeated(model.time)), close: model.close };
}

/** Warms up, and chooses how many inferences make a measurement. */
async function repeated(time: (k: number) => Promise<number>): Promise<Contender> {
  await time(2);
  const k = Math.max(2, Math.ceil(MEASURE_MS / (await time(3))));
  return { measure: () => time(k) };
}

async function specs(bytes: Uint8Array): Promise<{ inputs: TensorSpec[]; outputs: TensorSpec[] }> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const inputs = session.inputMetadata.map(toTensorSpec);
  const outputs = session.outputMetadata.map(toTensorSpec);
  await session.release();
  return { inputs, outputs };
}

async function patterns(bytes: Uint8Array): Promise<Tensors> {
  return Object.fromEntries((await specs(bytes)).inputs.map((spec) => [spec.name, pattern(spec)]));
}

/** A made-up picture, the same on every run: bytes for UINT8, roughly normalised values for FP32. */
function pattern({ name, datatype, shape: free }: TensorSpec) {
  const shape = free.map((size) => (size === -1 ? 1 : size));
  const pixels = Uint8Array.from({ length: elementCount(shape) }, (_, index) => (index * 31) % 251);
  if (datatype === "UINT8") return { datatype, shape, data: pixels };
  if (datatype === "FP32")
    return { datatype, shape, data: Float32Array.from(pixels, (pixel) => pixel / 64 - 2) };
  throw new TypeError(`Input "${name}" is ${datatype}; pictures are UINT8 or FP32.`);
}

/** As much of a manifest as a session needs, read from the model itself. */
async function sketchedManifest(bytes: Uint8Array): Promise<ImageEmbeddingManifest> {
  const { inputs, outputs } = await specs(bytes);
  return {
    name: "candidate",
    input: inputs[0]!,
    output: { ...outputs[0]!, dimensions: 1, prefixes: [], normalized: false },
  } as unknown as ImageEmbeddingManifest;
}
