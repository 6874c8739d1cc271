/** The `wasm` engine: onnxruntime-web on one WebAssembly thread, in workerd, Node and browsers. */
import { compileOnnxWasm } from "#runtime/wasm";
import { EngineUnavailableError, ModelLoadError, reasonOf } from "./errors.ts";
import { onnxSession } from "./onnx-session.ts";
import { type OnnxWasm, onnxWasm } from "./onnx-wasm.ts";
import type { LoadOptions, Runtime, Session } from "./session.ts";

export interface WasmRuntimeOptions {
  /**
   * Compiles onnxruntime-web's module; called once, at the first load.
   * @default the installed package in Node, the bundled module in workerd, `/assets/` in a browser
   */
  readonly compile?: () => Promise<WebAssembly.Module>;
}

/** onnxruntime-web has one instance a realm, so that all runtimes share it and its heap. */
let started: Promise<OnnxWasm> | undefined;

/**
 * @example
 * const session = await wasmRuntime().load(bytes, { manifest, precision: "int8" });
 * const { embedding } = await session.run({ image: { datatype: "UINT8", shape: [1, 224, 224, 3], data } });
 */
export function wasmRuntime(options: WasmRuntimeOptions = {}): Runtime {
  return { engine: "wasm", load: (bytes, load) => loadWasm(bytes, load, options.compile ?? compileOnnxWasm) };
}

async function loadWasm(
  bytes: Uint8Array,
  { manifest }: LoadOptions,
  compile: () => Promise<WebAssembly.Module>,
): Promise<Session> {
  const { ort, heapBytes } = await start(compile);
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] }).catch(
    (error) => {
      throw new ModelLoadError(manifest.name, reasonOf(error), error);
    },
  );
  const { Tensor } = ort;
  return onnxSession({
    engine: "wasm",
    provider: "wasm",
    session,
    Tensor,
    manifest,
    modelBytes: bytes.byteLength,
    heapBytes,
  });
}

/** A failed start is forgotten, so that the next load tries again. */
function start(compile: () => Promise<WebAssembly.Module>): Promise<OnnxWasm> {
  started ??= compile()
    .then(onnxWasm)
    .catch((error) => {
      started = undefined;
      throw new EngineUnavailableError("wasm", reasonOf(error), error);
    });
  return started;
}
