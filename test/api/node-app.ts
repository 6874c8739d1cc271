/** The API in Node, with the model in this process instead of a model host. */
import { readModel } from "../../src/cli/model-folder.ts";
import { createApp } from "../../src/http/app.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import type { Inference } from "../../src/vision/unified-embedding.ts";

export async function nodeApp(name = "unified-embedding") {
  const { manifest, bytes } = await readModel(name, "int8");
  const session = await wasmRuntime().load(bytes, { manifest, precision: "int8" });
  const inference: Inference = { infer: (_model, inputs, options) => session.run(inputs, options?.outputs) };
  const app = createApp({ models: [manifest], inference, log: () => undefined });
  return { app, dispose: () => session.dispose() };
}
