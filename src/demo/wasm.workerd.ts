/** The renderer's and the encoder's WebAssembly modules in workerd, where modules are compiled before the Worker starts. */
import jpeg from "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm";
import resvg from "@resvg/resvg-wasm/index_bg.wasm";

export function loadRenderModules(): Promise<{ resvg: WebAssembly.Module; jpeg: WebAssembly.Module }> {
  return Promise.resolve({ resvg, jpeg });
}
