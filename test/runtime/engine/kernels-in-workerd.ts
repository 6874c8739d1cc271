/** A workerd that runs the kernels' property tests: see `kernels-worker.ts`. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

export interface KernelsInWorkerd {
  /** What differs first between kernels and reference, as `differenceIn` says it. */
  differenceIn(build: string, operator: string, seed: number, count: number): Promise<string | undefined>;
  close(): Promise<void>;
}

export async function openKernelsInWorkerd(): Promise<KernelsInWorkerd> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("kernels-worker.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["*.wasm"],
  });
  const engine = async (name: string) => ({
    type: "CompiledWasm" as const,
    path: `/dist/engine/${name}.wasm`,
    contents: await readFile(new URL(`../../../dist/engine/${name}.wasm`, import.meta.url)),
  });
  const workerd = new Miniflare({
    compatibilityDate: "2026-04-24",
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/a/b/c/worker.mjs", contents: bundle.outputFiles[0]!.text },
      await engine("relaxed"),
      await engine("simd"),
    ],
  });
  await workerd.ready;
  return {
    async differenceIn(name, operator, seed, count) {
      const query = new URLSearchParams({ build: name, operator, seed: `${seed}`, count: `${count}` });
      const response = await workerd.dispatchFetch(`http://workerd/?${query}`);
      const text = await response.text();
      return text === "" ? undefined : text;
    },
    close: () => workerd.dispose(),
  };
}
