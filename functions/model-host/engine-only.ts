/** A model host without onnxruntime-web: a few kilobytes of WebAssembly, for models that compile to plans. */
import { planStore } from "../../src/inference/plan-store.ts";
import { InferenceServer } from "../../src/inference/server.ts";
import { engineRuntime } from "../../src/runtime/engine/engine-runtime.ts";
import { type Env, limitsOf, modelsOf } from "./env.ts";
import { modelHost } from "./host.ts";

export default modelHost(
  (env: Env) =>
    new InferenceServer({
      name: "corkboard-model-host",
      runtime: engineRuntime(),
      store: planStore(modelsOf(env), env.ASSETS),
      ...limitsOf(env),
    }),
);
