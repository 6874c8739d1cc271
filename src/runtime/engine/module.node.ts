/** The kernels in Node, from the package's `dist/engine`. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chooseBuild, type EngineModule } from "./module.ts";

export type { EngineModule } from "./module.ts";

export function compileEngine(): Promise<EngineModule> {
  const { resolve } = createRequire(import.meta.url);
  return chooseBuild(async (build) => new Uint8Array(await readFile(resolve(`#engine/${build}.wasm`))));
}
