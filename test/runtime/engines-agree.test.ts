/** The shipped model on both engines that Node has. */
import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import type { Runtime, Session } from "../../src/runtime/session.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import { expectClose } from "./expectations.ts";

const FOLDER = new URL("../../models/unified-embedding/", import.meta.url);
const manifest = ImageEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", FOLDER), "utf8")),
);

/** Sums in another order differ so much in a component of a unit vector, with fp32 arithmetic. */
const FLOAT_TOLERANCE = 1e-4;
/** Native int8 kernels round and saturate otherwise than WebAssembly's on processors without VNNI. */
const INT8_COSINE = 0.98;

const sessions: Session[] = [];
afterAll(async () => {
  for (const session of sessions) await session.dispose();
});

/** Smooth blots: noise would be a picture that no model was made for. */
function picture(seed: number): Tensor {
  const { height, width } = manifest.preprocess;
  const data = new Uint8Array(height * width * 3);
  for (let index = 0; index < data.length; index++) {
    const [x, y, channel] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width), index % 3];
    data[index] = 127 + 60 * Math.sin((x * (seed + channel)) / 30) + 60 * Math.cos((y * seed) / 25);
  }
  return { datatype: "UINT8", shape: [1, height, width, 3], data };
}

async function embedder(runtime: Runtime, precision: "int8" | "fp16" | "fp32", path: string) {
  const bytes = new Uint8Array(await readFile(new URL(path, FOLDER)));
  const session = await runtime.load(bytes, { manifest, precision });
  sessions.push(session);
  return async (seed: number) => {
    const outputs = await session.run({ [manifest.input.name]: picture(seed) });
    return outputs[manifest.output.name]!.data as Float32Array;
  };
}

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);

describe("the wasm and the native engine agree on the shipped model", () => {
  for (const precision of ["fp32", "fp16", "int8"] as const) {
    const file = manifest.files[precision];
    if (!file) continue;
    it(`in its ${precision} file`, async () => {
      const wasm = await embedder(wasmRuntime(), precision, file.path);
      const native = await embedder(nativeRuntime({ provider: "cpu", threads: 1 }), precision, file.path);
      for (const seed of [1, 2, 3]) {
        const [ours, theirs] = [await wasm(seed), await native(seed)];
        if (precision === "int8") expect(cosine(ours, theirs)).toBeGreaterThan(INT8_COSINE);
        else expectClose(ours, theirs, FLOAT_TOLERANCE);
      }
    });
  }
});
