/** Bundlers hand out `.wasm` imports as compiled modules. */
declare module "*/kernels/hamming.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
