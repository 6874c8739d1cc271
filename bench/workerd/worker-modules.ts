/** Bundles a Worker of this repository for Miniflare, which runs it in a real workerd. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import type { ModuleDefinition } from "miniflare";

/** As in every `wrangler.toml`. */
export const COMPATIBILITY_DATE = "2026-04-24";
/** As in the model host's `wrangler.toml`. */
export const MODEL_HOST_FLAGS = ["enable_request_signal"];

/** The modules of the Worker whose entry is `url`: its bundle, and the WebAssembly that it imports beside it. */
export async function workerModules(
  url: URL,
  plugins: readonly Plugin[] = [],
): Promise<{ modulesRoot: string; modules: ModuleDefinition[] }> {
  const wasm = new Map<string, string>();
  const bundle = await build({
    entryPoints: [fileURLToPath(url)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    plugins: [wasmModules(wasm), ...plugins],
    external: ["cloudflare:*", "node:*"],
    logLevel: "error",
  });
  const modules: ModuleDefinition[] = [
    { type: "ESModule", path: "/worker.mjs", contents: bundle.outputFiles[0]!.text },
  ];
  for (const [name, file] of wasm) {
    modules.push({ type: "CompiledWasm", path: `/${name}`, contents: await readFile(file) });
  }
  return { modulesRoot: "/", modules };
}

/** Leaves imports of `.wasm` files to the platform, and notes under which name it must find which file. */
function wasmModules(found: Map<string, string>): Plugin {
  return {
    name: "wasm-modules",
    setup({ onResolve }) {
      onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
        const isFile = path.startsWith(".") || isAbsolute(path);
        const file = isFile ? resolve(resolveDir, path) : createRequire(`${resolveDir}/`).resolve(path);
        const name = `${found.size}-${file.slice(dirname(file).length + 1)}`;
        const known = [...found].find(([, other]) => other === file)?.[0];
        if (!known) found.set(name, file);
        return { path: `./${known ?? name}`, external: true };
      });
    },
  };
}
