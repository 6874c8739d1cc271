/** Runs the engine contract inside a page: `test-runtime-in-browser.ts` bundles it and calls `runContractCase`. */
import type { Runtime } from "../../src/runtime/session.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import { webgpuRuntime } from "../../src/runtime/webgpu-runtime.ts";
import { contract } from "./contract.ts";

const RUNTIMES = { wasm: () => wasmRuntime(), webgpu: () => webgpuRuntime() } satisfies Record<
  string,
  () => Runtime
>;

/** What went wrong, or undefined. */
async function runContractCase(engine: keyof typeof RUNTIMES, title: string): Promise<string | undefined> {
  const found = contract.find((one) => one.title === title)!;
  return found.run(RUNTIMES[engine]()).then(
    () => undefined,
    (error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
}

Object.assign(globalThis, { runContractCase });
