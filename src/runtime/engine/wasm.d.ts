/** The engine's builds, as bundlers for Workers import them. */
declare module "*/dist/engine/relaxed.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*/dist/engine/simd.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
