/** Which build of the kernels this machine runs. */
export interface EngineModule {
  readonly module: WebAssembly.Module;
  /** `relaxed`: relaxed SIMD. `simd`: the same kernels without it, and the same results. */
  readonly build: "relaxed" | "simd";
}

/**
 * The relaxed build where the machine takes it, else the plain one.
 * @param fetchBuild Bytes of `<build>.wasm`.
 */
export async function chooseBuild(
  fetchBuild: (build: EngineModule["build"]) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<EngineModule> {
  const relaxed = await fetchBuild("relaxed");
  if (WebAssembly.validate(relaxed)) return { module: await WebAssembly.compile(relaxed), build: "relaxed" };
  return { module: await WebAssembly.compile(await fetchBuild("simd")), build: "simd" };
}
