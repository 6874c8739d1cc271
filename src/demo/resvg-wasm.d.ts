/** Bundlers hand out `.wasm` imports as compiled modules. */
declare module "@resvg/resvg-wasm/*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
