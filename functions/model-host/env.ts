/** What a model host is configured with. */
import { type Assets, assetStore, type Bucket } from "../../src/inference/asset-store.ts";
import type { ModelStore } from "../../src/inference/model-store.ts";

export interface Env {
  /** `models/registry.json` and `models/<model>/<revision>/<file>`, as `npm run build` writes them to `dist/site`. */
  readonly ASSETS: Assets;
  /** Files above the 25 MiB that an asset may have, under `<model>/<revision>/<file>`. */
  readonly MODEL_FILES?: Bucket;
  /** Models to host: `*`, or names with optional precisions: `unified-embedding:int8,my-encoder`. */
  readonly MODELS: string;
  /** Precision of the models that name none. */
  readonly PRECISION?: string;
  /** Megabytes of WebAssembly heap that models share. */
  readonly MEMORY_BUDGET_MB?: string;
  /** `ort` runs every model on onnxruntime-web. Else int8 models that have a plan run on Corkboard's own engine. */
  readonly ENGINE?: string;
}

const BYTES_PER_MB = 1024 * 1024;

/** The models that the configuration names, in the precision that it names. */
export function modelsOf(env: Env): ModelStore {
  return assetStore({
    assets: env.ASSETS,
    bucket: env.MODEL_FILES,
    models: env.MODELS,
    ...(env.PRECISION && { precision: env.PRECISION }),
  });
}

/** Options of the server that come from the configuration. */
export function limitsOf(env: Env): { readonly memoryBudgetBytes?: number } {
  return env.MEMORY_BUDGET_MB ? { memoryBudgetBytes: Number(env.MEMORY_BUDGET_MB) * BYTES_PER_MB } : {};
}
