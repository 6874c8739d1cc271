/** onnxruntime-web's WebAssembly module in workerd, where modules are compiled before the Worker starts. */
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm";

export function compileOnnxWasm(): Promise<WebAssembly.Module> {
  return Promise.resolve(wasm);
}
