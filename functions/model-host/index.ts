/** The edge model host: the models that its configuration names, behind the Open Inference Protocol. */
import { planStore } from "../../src/inference/plan-store.ts";
import { InferenceServer } from "../../src/inference/server.ts";
import { engineOr } from "../../src/runtime/engine/engine-runtime.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import { type Env, limitsOf, modelsOf } from "./env.ts";
import { modelHost } from "./host.ts";

export type { Env } from "./env.ts";

export default modelHost((env: Env) => {
  const onnxOnly = env.ENGINE === "ort";
  const models = modelsOf(env);
  return new InferenceServer({
    name: "corkboard-model-host",
    runtime: onnxOnly ? wasmRuntime() : engineOr(wasmRuntime()),
    store: onnxOnly ? models : planStore(models, env.ASSETS),
    ...limitsOf(env),
  });
});
