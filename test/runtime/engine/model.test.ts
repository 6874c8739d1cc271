/** The shipped model, from its ONNX file to an embedding. */
import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EngineInWorkerd, openEngine } from "../../../bench/engine/open-engine.ts";
import { compile } from "../../../src/runtime/engine/compiler/compile.ts";
import { engineOr, engineRuntime } from "../../../src/runtime/engine/engine-runtime.ts";
import { chooseBuild } from "../../../src/runtime/engine/module.ts";
import { PLAN_BASE, readPlan } from "../../../src/runtime/engine/plan.ts";
import { runReference } from "../../../src/runtime/engine/reference/reference.ts";
import { InferenceError, InvalidTensorError, ModelLoadError } from "../../../src/runtime/errors.ts";
import { ImageEmbeddingManifest } from "../../../src/runtime/manifest.ts";
import type { Session } from "../../../src/runtime/session.ts";
import { waves } from "./waves.ts";

const FOLDER = new URL("../../../models/unified-embedding/", import.meta.url);
const manifest = ImageEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", FOLDER), "utf8")),
);
const read = async (path: string) => new Uint8Array(await readFile(new URL(path, FOLDER)));
const onnx = await read(manifest.files.int8!.path);
const options = { manifest, precision: "int8" } as const;

function planOf(bytes: Uint8Array): Uint8Array {
  const result = compile(bytes);
  if ("unsupported" in result) throw new Error(JSON.stringify(result.unsupported));
  return result.plan;
}

const { width, height } = manifest.preprocess;
const image = waves(manifest);
const { data: pixels } = image;

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (p: Float32Array, q: Float32Array) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

async function nativeOutput(file: string, name = manifest.output.name): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(await read(file), { logSeverityLevel: 3 });
  const feeds = { [manifest.input.name]: new ort.Tensor("uint8", pixels, image.shape) };
  const outputs = await session.run(feeds);
  await session.release();
  return outputs[name]!.data as Float32Array;
}

describe("the shipped model on the engine", () => {
  const plan = planOf(onnx);
  let session: Session;
  let workerd: EngineInWorkerd;
  let embedding: Float32Array;
  beforeAll(async () => {
    session = await engineRuntime().load(plan, options);
    workerd = await openEngine(plan, pixels);
    const outputs = await session.run({ [manifest.input.name]: image });
    embedding = outputs[manifest.output.name]!.data as Float32Array;
  });
  afterAll(() => workerd.close());

  it("answers what onnxruntime answers for the same quantised model, but for rounding", async () => {
    expect(cosine(embedding, await nativeOutput(manifest.files.int8!.path))).toBeGreaterThan(0.999);
  });

  it("stays close to the model in 32-bit floats", async () => {
    expect(cosine(embedding, await nativeOutput(manifest.files.fp32!.path))).toBeGreaterThan(0.98);
  });

  it("answers its feature map as well, as onnxruntime does, and only when it is asked for", async () => {
    const [map] = manifest.maps!;
    const feeds = { [manifest.input.name]: image };
    const outputs = await session.run(feeds, [map!.name]);
    expect(Object.keys(outputs)).toEqual([map!.name]);
    expect(outputs[map!.name]!.shape).toEqual([1, ...map!.shape.slice(1)]);
    const found = outputs[map!.name]!.data as Float32Array;
    expect(cosine(found, await nativeOutput(manifest.files.int8!.path, map!.name))).toBeGreaterThan(0.995);
    expect(cosine(found, await nativeOutput(manifest.files.fp32!.path, map!.name))).toBeGreaterThan(0.97);
    expect(Object.keys(await session.run(feeds, [manifest.output.name]))).toEqual([manifest.output.name]);
  });

  it("has the reference's bits, in Node and in workerd", { timeout: 300_000 }, () => {
    const { header, image: constants } = readPlan(plan);
    const memory = new Uint8Array(Math.ceil(header.memoryBytes / 4) * 4);
    memory.set(constants, PLAN_BASE);
    memory.set(pixels, header.inputs[0]!.address);
    runReference(memory.buffer, header.program, header.instructions.length);
    const { address, count } = header.outputs[0]!;
    const wanted = new Uint32Array(memory.buffer.slice(address, address + 4 * count));
    expect(new Uint32Array(embedding.buffer)).toEqual(wanted);
    expect(new Uint32Array(workerd.output.buffer)).toEqual(wanted);
  });

  it("has the same bits without relaxed SIMD", async () => {
    const simd = await engineRuntime({
      compile: () => chooseBuild(async () => new Uint8Array(await readFile("dist/engine/simd.wasm"))),
    }).load(plan, options);
    const outputs = await simd.run({ [manifest.input.name]: image });
    expect(outputs[manifest.output.name]!.data).toEqual(embedding);
  });

  it("runs a batch picture by picture", async () => {
    const two = new Uint8Array(2 * pixels.length);
    two.set(pixels.toReversed());
    two.set(pixels, pixels.length);
    const outputs = await session.run({
      [manifest.input.name]: { ...image, shape: [2, height, width, 3], data: two },
    });
    const both = outputs[manifest.output.name]!;
    expect(both.shape).toEqual([2, embedding.length]);
    expect(both.data.subarray(embedding.length)).toEqual(embedding);
    expect(both.data.subarray(0, embedding.length)).not.toEqual(embedding);
  });

  it("needs less than 24 MB of memory", () => {
    expect(session.memory().heapBytes).toBeLessThan(24 * 1024 * 1024);
    expect(workerd.heapBytes).toBeLessThan(24 * 1024 * 1024);
  });

  it("refuses other tensors, and any after it was disposed of", async () => {
    await expect(session.run({})).rejects.toThrow(InvalidTensorError);
    const other = await engineRuntime().load(plan, options);
    await other.dispose();
    await expect(other.run({ [manifest.input.name]: image })).rejects.toThrow(InferenceError);
    expect(other.memory().heapBytes).toBe(0);
  });
});

describe("what is no plan", () => {
  it("is refused by the engine", async () => {
    await expect(engineRuntime().load(onnx, options)).rejects.toThrow(ModelLoadError);
  });

  it("runs on the other engine where there is one", async () => {
    const other = { engine: "wasm", load: async () => ({ engine: "wasm" }) as Session } as const;
    expect((await engineOr(other).load(onnx, options)).engine).toBe("wasm");
    expect((await engineOr(other).load(planOf(onnx), options)).engine).toBe("engine");
  });

  it("is named node by node, with the reason, when a model does not compile", async () => {
    const result = compile(await read(manifest.files.fp32!.path));
    const refusals = "unsupported" in result ? result.unsupported : [];
    const reason = expect.stringContaining("the engine has no such operator");
    expect(refusals).toContainEqual({ op: "Cast", node: "pixels", reason });
  });
});
