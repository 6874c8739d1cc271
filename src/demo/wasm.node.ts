/** The renderer's and the encoder's WebAssembly modules in Node, compiled from the installed packages. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

export async function loadRenderModules(): Promise<{ resvg: WebAssembly.Module; jpeg: WebAssembly.Module }> {
  const { resolve } = createRequire(import.meta.url);
  const [resvg, jpeg] = await Promise.all(
    ["@resvg/resvg-wasm/index_bg.wasm", "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm"].map(async (path) =>
      WebAssembly.compile(await readFile(resolve(path))),
    ),
  );
  return { resvg: resvg!, jpeg: jpeg! };
}
