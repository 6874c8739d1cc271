/** The decoders' WebAssembly modules in Node, compiled from the installed packages. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Codec } from "./wasm-decoder.ts";

const PATHS: Readonly<Record<Codec, string>> = {
  jpeg: "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
  webp: "@jsquash/webp/codec/dec/webp_dec.wasm",
  avif: "@jsquash/avif/codec/dec/avif_dec.wasm",
};

export async function compileDecoder(codec: Codec): Promise<WebAssembly.Module> {
  const path = createRequire(import.meta.url).resolve(PATHS[codec]);
  return WebAssembly.compile(await readFile(path));
}
