/** Bundlers hand out `.wasm` imports as compiled modules. */
declare module "@jsquash/*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
