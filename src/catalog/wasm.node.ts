/** The Hamming kernel in Node, compiled from `npm run build`'s output. */
import { readFile } from "node:fs/promises";

export async function compileHamming(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL("../../dist/kernels/hamming.wasm", import.meta.url)));
}
