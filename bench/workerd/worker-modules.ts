/** Bundles a Worker of this repository for Miniflare, which runs it in a real workerd. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { ModuleDefinition } from "miniflare";

const WASM = "onnxruntime-web/ort-wasm-simd-threaded.wasm";

/** As in every `wrangler.toml`. */
export const COMPATIBILITY_DATE = "2026-04-24";

/** The modules of the Worker whose entry is `url`: its bundle, and onnxruntime-web's WebAssembly beside it. */
export async function workerModules(url: URL): Promise<{ modulesRoot: string; modules: ModuleDefinition[] }> {
  const bundle = await build({
    entryPoints: [fileURLToPath(url)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: [WASM],
    logLevel: "error",
  });
  const wasm = await readFile(createRequire(import.meta.url).resolve(WASM));
  return {
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/worker.mjs", contents: bundle.outputFiles[0]!.text },
      { type: "CompiledWasm", path: `/${WASM}`, contents: wasm },
    ],
  };
}
