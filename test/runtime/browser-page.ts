/** Runs the engine contract inside a page: `test-runtime-in-browser.ts` calls `runContractCase`. */
import { engineRuntime } from "../../src/runtime/engine/engine-runtime.ts";
import type { Runtime } from "../../src/runtime/session.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import { webgpuRuntime } from "../../src/runtime/webgpu-runtime.ts";
import { contract } from "./contract.ts";
import { MODELS, type ModelForm } from "./contract-models.ts";

const RUNTIMES = {
  engine: () => engineRuntime(),
  wasm: () => wasmRuntime(),
  webgpu: () => webgpuRuntime(),
} satisfies Record<string, () => Runtime>;

export type RuntimeInPage = keyof typeof RUNTIMES;

/** What went wrong, or undefined. */
async function runContractCase(
  runtime: RuntimeInPage,
  form: ModelForm,
  title: string,
): Promise<string | undefined> {
  const found = contract(MODELS[form]).find((one) => one.title === title)!;
  return found.run(RUNTIMES[runtime]()).then(
    () => undefined,
    (error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
}

Object.assign(globalThis, { runContractCase });
