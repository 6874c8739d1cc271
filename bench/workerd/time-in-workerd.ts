/** Times any ONNX model in a real workerd with the same onnxruntime-web that Corkboard deploys. */
import { Miniflare } from "miniflare";
import { decodeInferResponse } from "../../src/inference/decode.ts";
import { encodeInferRequest } from "../../src/inference/encode.ts";
import { HEADER_LENGTH } from "../../src/inference/protocol.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { median } from "../median.ts";
import { COMPATIBILITY_DATE, workerModules } from "./worker-modules.ts";

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

/**
 * Median time of one inference of an ONNX model in workerd, in a process of its own.
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
  const model = await openInWorkerd(modelBytes, inputs);
  try {
    const figures: number[] = [];
    for (let round = 0; round < rounds; round++) figures.push(await model.time(k));
    const { loadMs, firstMs, outputs } = model;
    return {
      ms: median(figures),
      rounds: figures,
      loadMs,
      firstMs,
      heapBytes: await model.heapBytes(),
      outputs,
    };
  } finally {
    await model.close();
  }
}

/** A model loaded in a workerd of its own. */
export interface ModelInWorkerd extends Pick<WorkerdTiming, "loadMs" | "firstMs" | "outputs"> {
  /**
   * Milliseconds of one of `k` inferences. Clocks inside workerd stand still between two I/O events, so the clock
   * is outside: a request that runs the model `k` times against the same request that runs it 0 times.
   */
  time(k: number): Promise<number>;
  heapBytes(): Promise<number>;
  close(): Promise<void>;
}

export async function openInWorkerd(modelBytes: Uint8Array, inputs: Tensors): Promise<ModelInWorkerd> {
  const workerd = await startWorkerd();
  const message = encodeInferRequest({ inputs });
  const run = (times: number) => post(workerd, `/run?k=${times}`, message.body, message.headers);
  const load = await post(workerd, "/load", modelBytes);
  const first = await run(1);
  let reversed = false;
  return {
    loadMs: load.ms,
    firstMs: first.ms,
    outputs: decodeInferResponse(first.body, first.headers.get(HEADER_LENGTH)).outputs,
    async time(k) {
      reversed = !reversed;
      const ms = new Map<number, number>();
      for (const times of reversed ? [k, 0] : [0, k]) ms.set(times, (await run(times)).ms);
      return (ms.get(k)! - ms.get(0)!) / k;
    },
    heapBytes: async () => Number((await run(0)).headers.get("heap-bytes")),
    close: () => workerd.dispose(),
  };
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
  const modules = await workerModules(new URL("timing-worker.ts", import.meta.url));
  const workerd = new Miniflare({ compatibilityDate: COMPATIBILITY_DATE, ...modules });
  await workerd.ready;
  return workerd;
}
