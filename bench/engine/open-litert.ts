/** A TensorFlow Lite model on LiteRT.js (XNNPACK with relaxed SIMD, one thread), in a workerd of its own. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Plugin } from "esbuild";
import { Miniflare } from "miniflare";
import { COMPATIBILITY_DATE, workerModules } from "../workerd/worker-modules.ts";

export interface LiteRtInWorkerd {
  /** Milliseconds of one of `k` inferences, against a request that runs none. */
  time(k: number): Promise<number>;
  close(): Promise<void>;
}

const WARM_UP = 200;

/** `litert` is the package (see `litert.d.ts`); its script defines a global where a module needs an export. */
const litert: Plugin = {
  name: "litert",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^litert$/ }, () => ({
      path: createRequire(import.meta.url).resolve("@litertjs/core"),
    }));
    onLoad({ filter: /litert_wasm_internal\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\nexport default ModuleFactory;`,
    }));
  },
};

/** @param pixels The model's input, uint8. */
export async function openLiteRt(tflite: Uint8Array, pixels: Uint8Array): Promise<LiteRtInWorkerd> {
  const modules = await workerModules(new URL("litert-worker.ts", import.meta.url), [litert]);
  const workerd = new Miniflare({ compatibilityDate: COMPATIBILITY_DATE, ...modules });
  await workerd.ready;
  const post = async (path: string, body: Uint8Array) => {
    const start = performance.now();
    const response = await workerd.dispatchFetch(`http://workerd${path}`, { method: "POST", body });
    const answer = await response.arrayBuffer();
    if (!response.ok)
      throw new Error(`workerd answered ${response.status}: ${new TextDecoder().decode(answer)}`);
    return performance.now() - start;
  };
  await post("/load", tflite);
  // Nine megabytes of WebAssembly take a while to be optimised.
  await post(`/run?k=${WARM_UP}`, pixels);
  let reversed = false;
  return {
    async time(k) {
      reversed = !reversed;
      const ms = new Map<number, number>();
      for (const times of reversed ? [k, 0] : [0, k]) ms.set(times, await post(`/run?k=${times}`, pixels));
      return (ms.get(k)! - ms.get(0)!) / k;
    },
    close: () => workerd.dispose(),
  };
}
