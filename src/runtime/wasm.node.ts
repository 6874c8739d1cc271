/** onnxruntime-web's WebAssembly module in Node, compiled from the installed package. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

export async function compileOnnxWasm(): Promise<WebAssembly.Module> {
  const path = createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm");
  return WebAssembly.compile(await readFile(path));
}
