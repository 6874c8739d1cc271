/** onnxruntime-web on one WebAssembly thread, started from a module that is already compiled. */
import * as ort from "onnxruntime-web/wasm";

export interface OnnxWasm {
  readonly ort: typeof ort;
  /** Bytes of the linear memory that holds all sessions. It grows and never shrinks. */
  heapBytes(): number;
}

/** Length of the placeholder that stands for the module's bytes; no real module is that short. */
const MARKER_BYTES = 8;

/**
 * Prepares onnxruntime-web so that its first session instantiates `module`. workerd compiles no WebAssembly at
 * run time, and onnxruntime-web takes bytes only, so it is given a marker, and `WebAssembly.instantiate` swaps
 * the marker for the module.
 */
export function onnxWasm(module: WebAssembly.Module): OnnxWasm {
  let memory: WebAssembly.Memory | undefined;
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
  ort.env.wasm.wasmBinary = new ArrayBuffer(MARKER_BYTES);
  ort.env.logLevel = "error";

  const instantiate = WebAssembly.instantiate;
  async function instantiateMarked(source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) {
    if (source instanceof WebAssembly.Module || source.byteLength !== MARKER_BYTES) {
      return instantiate(source as BufferSource, imports);
    }
    WebAssembly.instantiate = instantiate;
    const instance = await instantiate(module, imports);
    memory = memoryOf(imports) ?? memoryOf({ exports: instance.exports as WebAssembly.ModuleImports });
    return { instance, module };
  }
  WebAssembly.instantiate = instantiateMarked as typeof WebAssembly.instantiate;

  return { ort, heapBytes: () => memory?.buffer.byteLength ?? 0 };
}

function memoryOf(imports: WebAssembly.Imports = {}): WebAssembly.Memory | undefined {
  for (const values of Object.values(imports)) {
    for (const value of Object.values(values)) {
      if (value instanceof WebAssembly.Memory) return value;
    }
  }
  return undefined;
}
