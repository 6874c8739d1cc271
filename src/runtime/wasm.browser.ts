/** onnxruntime-web's WebAssembly module in a browser, compiled while it downloads. */

/** Where a page serves the module from, unless it says otherwise. */
const DEFAULT_URL = "/assets/ort-wasm-simd-threaded.wasm";

/** @param url Address of `ort-wasm-simd-threaded.wasm`, relative to the page; served as `application/wasm`. */
export function compileOnnxWasm(url: string = DEFAULT_URL): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(fetch(url));
}
