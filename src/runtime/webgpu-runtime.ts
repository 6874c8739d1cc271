/** The `webgpu` engine: onnxruntime-web on the visitor's GPU, in browsers. */
import type * as Ort from "onnxruntime-web";
import { EngineUnavailableError, ModelLoadError, reasonOf } from "./errors.ts";
import { onnxSession } from "./onnx-session.ts";
import type { LoadOptions, Runtime, Session } from "./session.ts";

export interface WebGpuRuntimeOptions {
  /**
   * Address of `ort-wasm-simd-threaded.jspi.wasm` from onnxruntime-web, relative to the page. This build is
   * the one of 17 MB; those without JavaScript promise integration exceed the 25 MiB of a static asset.
   * @default "/assets/ort-wasm-simd-threaded.jspi.wasm"
   */
  readonly wasmUrl?: string;
}

const DEFAULT_WASM_URL = "/assets/ort-wasm-simd-threaded.jspi.wasm";

/** onnxruntime-web has one instance a page. */
let imported: Promise<typeof Ort> | undefined;

/**
 * @example
 * const session = await webgpuRuntime().load(bytes, { manifest, precision: "fp16" });
 */
export function webgpuRuntime(options: WebGpuRuntimeOptions = {}): Runtime {
  return {
    engine: "webgpu",
    load: (bytes, load) => loadWebGpu(bytes, load, options.wasmUrl ?? DEFAULT_WASM_URL),
  };
}

/** @throws {EngineUnavailableError} when the browser has no GPU for pages, or cannot suspend WebAssembly. */
async function loadWebGpu(bytes: Uint8Array, { manifest }: LoadOptions, wasmUrl: string): Promise<Session> {
  await assertGpu();
  imported ??= start(wasmUrl).catch((error) => {
    imported = undefined;
    throw new EngineUnavailableError("webgpu", reasonOf(error), error);
  });
  const ort = await imported;
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["webgpu"] }).catch(
    (error) => {
      throw new ModelLoadError(manifest.name, reasonOf(error), error);
    },
  );
  const { Tensor } = ort;
  const modelBytes = bytes.byteLength;
  // Browsers do not tell how much memory a GPU session takes.
  const heapBytes = () => 0;
  return onnxSession({
    engine: "webgpu",
    provider: "webgpu",
    session,
    Tensor,
    manifest,
    modelBytes,
    heapBytes,
  });
}

async function assertGpu(): Promise<void> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
  if (!gpu) throw new EngineUnavailableError("webgpu", "this browser has no WebGPU");
  if (!("Suspending" in WebAssembly)) {
    throw new EngineUnavailableError(
      "webgpu",
      "this browser has no JavaScript promise integration for WebAssembly",
    );
  }
  if (!(await gpu.requestAdapter())) throw new EngineUnavailableError("webgpu", "there is no GPU adapter");
}

async function start(wasmUrl: string): Promise<typeof Ort> {
  const ort = await import("onnxruntime-web/jspi");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
  ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, location.href) };
  ort.env.logLevel = "error";
  return ort;
}
