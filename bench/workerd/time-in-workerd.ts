/** Times any ONNX model in a real workerd with the same onnxruntime-web that Corkboard deploys. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { decodeInferResponse } from "../../src/inference/decode.ts";
import { encodeInferRequest } from "../../src/inference/encode.ts";
import { HEADER_LENGTH } from "../../src/inference/protocol.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { median } from "../median.ts";

export interface WorkerdTiming {
  /** Median milliseconds of one inference. */
  readonly ms: number;
  /** Milliseconds of one inference, a figure a round. */
  readonly rounds: readonly number[];
  /** Milliseconds from the model's bytes to a session, engine start included, transfer excluded. */
  readonly loadMs: number;
  /** Milliseconds of the first inference. */
  readonly firstMs: number;
  /** Bytes of the WebAssembly heap at the end. */
  readonly heapBytes: number;
  /** What the model answered. */
  readonly outputs: Tensors;
}

export interface WorkerdTimingOptions {
  /** @default 5 */
  readonly rounds?: number;
}

const WASM = "onnxruntime-web/ort-wasm-simd-threaded.wasm";
const COMPATIBILITY_DATE = "2026-04-24";

/**
 * Median time of one inference of an ONNX model in workerd, in a process of its own.
 *
 * Clocks inside workerd stand still between two I/O events, so the clock is outside: a request that runs the
 * model `k` times against one that runs it 0 times with the same body, divided by `k`.
 * @param modelBytes The whole .onnx file; external data is not supported.
 * @param inputs Every input of the model by name.
 * @param k Inferences a round; choose it so that k inferences take at least 100 ms.
 */
export async function timeInWorkerd(
  modelBytes: Uint8Array,
  inputs: Tensors,
  k: number,
  { rounds = 5 }: WorkerdTimingOptions = {},
): Promise<WorkerdTiming> {
  const workerd = await startWorkerd();
  try {
    const message = encodeInferRequest({ inputs });
    const run = (times: number) => post(workerd, `/run?k=${times}`, message.body, message.headers);
    const load = await post(workerd, "/load", modelBytes);
    const first = await run(1);
    const figures: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? [0, k] : [k, 0];
      const ms = new Map<number, number>();
      for (const times of order) ms.set(times, (await run(times)).ms);
      figures.push((ms.get(k)! - ms.get(0)!) / k);
    }
    const { outputs } = decodeInferResponse(first.body, first.headers.get(HEADER_LENGTH));
    const heapBytes = Number((await run(0)).headers.get("heap-bytes"));
    return { ms: median(figures), rounds: figures, loadMs: load.ms, firstMs: first.ms, heapBytes, outputs };
  } finally {
    await workerd.dispose();
  }
}

interface TimedResponse {
  readonly ms: number;
  readonly body: Uint8Array;
  readonly headers: { get(name: string): string | null };
}

async function post(
  workerd: Miniflare,
  path: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<TimedResponse> {
  const start = performance.now();
  const response = await workerd.dispatchFetch(`http://workerd${path}`, { method: "POST", body, headers });
  const answer = new Uint8Array(await response.arrayBuffer());
  const ms = performance.now() - start;
  if (!response.ok)
    throw new Error(`workerd answered ${response.status}: ${new TextDecoder().decode(answer)}`);
  return { ms, body: answer, headers: response.headers };
}

async function startWorkerd(): Promise<Miniflare> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("timing-worker.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: [WASM],
    logLevel: "error",
  });
  const workerd = new Miniflare({
    compatibilityDate: COMPATIBILITY_DATE,
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/worker.mjs", contents: bundle.outputFiles[0]!.text },
      {
        type: "CompiledWasm",
        path: `/${WASM}`,
        contents: await readFile(createRequire(import.meta.url).resolve(WASM)),
      },
    ],
  });
  await workerd.ready;
  return workerd;
}
