/** Bundlers hand out `.wasm` imports as compiled modules. */
declare module "onnxruntime-web/ort-wasm-simd-threaded.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
