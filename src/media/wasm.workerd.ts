/** The decoders' WebAssembly modules in workerd, where modules are compiled before the Worker starts. */
import avif from "@jsquash/avif/codec/dec/avif_dec.wasm";
import jpeg from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
import webp from "@jsquash/webp/codec/dec/webp_dec.wasm";
import type { Codec } from "./wasm-decoder.ts";

const MODULES: Readonly<Record<Codec, WebAssembly.Module>> = { jpeg, webp, avif };

export function compileDecoder(codec: Codec): Promise<WebAssembly.Module> {
  return Promise.resolve(MODULES[codec]);
}
