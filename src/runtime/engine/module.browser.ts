/** The kernels in a browser, from where the page serves them. */
import { chooseBuild, type EngineModule } from "./module.ts";

export type { EngineModule } from "./module.ts";

const DEFAULT_FOLDER = "/assets/engine/";

/** @param folder Address of the folder that holds `relaxed.wasm` and `simd.wasm`. */
export function compileEngine(folder: string = DEFAULT_FOLDER): Promise<EngineModule> {
  return chooseBuild(async (build) => {
    const response = await fetch(`${folder}${build}.wasm`);
    if (!response.ok) throw new Error(`${folder}${build}.wasm: status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  });
}
