/** A plan in a workerd of its own. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

export interface EngineInWorkerd {
  /** Milliseconds from the plan's bytes to a session; their way into workerd is taken out. */
  readonly loadMs: number;
  /** Milliseconds from a process that is ready to the first answer: load and first inference. */
  readonly coldMs: number;
  /** What the model answered first, as floats in the memory's order. */
  readonly output: Float32Array;
  readonly heapBytes: number;
  /** Milliseconds of one of `k` inferences: clocks inside workerd stand still, so 0 inferences are subtracted. */
  time(k: number): Promise<number>;
  /** Milliseconds of one of `k` runs of `count` instructions from number `from`. */
  timePart(from: number, count: number, k: number): Promise<number>;
  close(): Promise<void>;
}

const MODULE = fileURLToPath(new URL("../../dist/engine/relaxed.wasm", import.meta.url));

/** @param pixels The model's input. */
export async function openEngine(plan: Uint8Array, pixels: Uint8Array): Promise<EngineInWorkerd> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("engine-worker.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    plugins: [
      {
        name: "engine-module",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^#engine\// }, () => ({ path: "./relaxed.wasm", external: true })),
      },
    ],
    logLevel: "error",
  });
  const workerd = new Miniflare({
    compatibilityDate: "2026-04-24",
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/worker.mjs", contents: bundle.outputFiles[0]!.text },
      { type: "CompiledWasm", path: "/relaxed.wasm", contents: await readFile(MODULE) },
    ],
  });
  await workerd.ready;
  const post = async (path: string, body: Uint8Array = new Uint8Array()) => {
    const start = performance.now();
    const response = await workerd.dispatchFetch(`http://workerd${path}`, { method: "POST", body });
    const answer = await response.arrayBuffer();
    if (!response.ok)
      throw new Error(`workerd answered ${response.status}: ${new TextDecoder().decode(answer)}`);
    return { ms: performance.now() - start, answer, heapBytes: Number(response.headers.get("heap-bytes")) };
  };
  // The Worker's own start is part of the first answer, not of the load.
  const start = await post("/start");
  const load = await post("/load", plan);
  const first = await post("/run?k=1", pixels);
  const transfer = await post("/transfer", plan);
  let reversed = false;
  const difference = async (path: (k: number) => string, k: number, body?: Uint8Array) => {
    reversed = !reversed;
    const ms = new Map<number, number>();
    for (const times of reversed ? [k, 0] : [0, k]) ms.set(times, (await post(path(times), body)).ms);
    return (ms.get(k)! - ms.get(0)!) / k;
  };
  return {
    loadMs: Math.max(0, load.ms - transfer.ms),
    coldMs: start.ms + load.ms + first.ms,
    output: new Float32Array(first.answer),
    heapBytes: first.heapBytes,
    time: (k) => difference((times) => `/run?k=${times}`, k, pixels),
    timePart: (from, count, k) => difference((times) => `/part?from=${from}&count=${count}&k=${times}`, k),
    close: () => workerd.dispose(),
  };
}
