/** The engine's builds, as bundlers for Workers import them: compiled. */
declare module "*/relaxed.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*/simd.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
