/** The API in Node, with the built model in this process instead of a model host. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createApp } from "../../src/http/app.ts";
import { ModelManifest } from "../../src/runtime/manifest.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import type { Inference } from "../../src/vision/unified-embedding.ts";

const MODELS = resolve(import.meta.dirname, "../../dist/models");

export async function nodeApp(name = "unified-embedding") {
  const registry: unknown = JSON.parse(await readFile(join(MODELS, "registry.json"), "utf8"));
  const manifest = ModelManifest.array()
    .parse(registry)
    .find((one) => one.name === name);
  const file = manifest?.files.int8;
  if (!manifest || !file) throw new Error(`There is no ${name} in dist/models: run \`npm run build\` first.`);
  const bytes = new Uint8Array(await readFile(join(MODELS, name, file.path)));
  const session = await wasmRuntime().load(bytes, { manifest, precision: "int8" });
  const inference: Inference = { infer: (_model, inputs, options) => session.run(inputs, options?.outputs) };
  const app = createApp({ models: [manifest], inference, log: () => undefined });
  return { app, dispose: () => session.dispose() };
}
