/** The kernels in a browser: two small files beside the bundle. */
import relaxed from "#engine/relaxed.wasm";
import simd from "#engine/simd.wasm";
import { chooseBuild, type EngineModule } from "./module.ts";

export type { EngineModule } from "./module.ts";

/** Bundlers for browsers give an imported file's address, relative to the bundle, instead of a compiled module. */
const ADDRESSES = { relaxed, simd } as unknown as Readonly<Record<EngineModule["build"], string>>;

export function compileEngine(): Promise<EngineModule> {
  return chooseBuild(fetchBuild);
}

/** Bytes of a build. @throws when the page's server does not have it. */
export async function fetchBuild(build: EngineModule["build"]): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(ADDRESSES[build], import.meta.url));
  if (!response.ok) throw new Error(`${build}.wasm: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
