/** Loads a model on this machine: natively where onnxruntime-node is installed, else in WebAssembly. */
import { EngineUnavailableError } from "../runtime/errors.ts";
import { nativeRuntime } from "../runtime/native-runtime.ts";
import type { LoadOptions, Session } from "../runtime/session.ts";
import { wasmRuntime } from "../runtime/wasm-runtime.ts";

export type EngineChoice = "auto" | "native" | "wasm";

/** @throws {EngineUnavailableError} when the named engine cannot run here (`auto` takes the other). */
export async function loadOnThisMachine(
  bytes: Uint8Array,
  options: LoadOptions,
  choice: EngineChoice,
): Promise<Session> {
  if (choice !== "wasm") {
    try {
      return await nativeRuntime().load(bytes, options);
    } catch (error) {
      if (choice === "native" || !(error instanceof EngineUnavailableError)) throw error;
    }
  }
  return wasmRuntime().load(bytes, options);
}
