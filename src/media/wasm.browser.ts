/** The decoders' WebAssembly modules in a browser, compiled while they download. */
import type { Codec } from "./wasm-decoder.ts";

/** Where a page serves the modules from, unless it says otherwise. */
const urls: Record<Codec, string> = {
  jpeg: "/assets/mozjpeg_dec.wasm",
  webp: "/assets/webp_dec.wasm",
  avif: "/assets/avif_dec.wasm",
};

/** Tells where the modules are, before the first decode. Served as `application/wasm`. */
export function setDecoderUrls(overrides: Partial<Record<Codec, string>>): void {
  Object.assign(urls, overrides);
}

export function compileDecoder(codec: Codec): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(fetch(urls[codec]));
}
