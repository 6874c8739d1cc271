/** What a model host is configured with. */
import { type Assets, assetStore, type Bucket } from "../../src/inference/asset-store.ts";
import { LARGEST_BATCH, MAX_BATCH_WINDOW_MS } from "../../src/inference/batcher.ts";
import type { ModelStore } from "../../src/inference/model-store.ts";
import type { InferenceServerOptions } from "../../src/inference/server.ts";

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
  /** Milliseconds that an inference waits for others of the same model to run with: 0 to 1000. */
  readonly BATCH_WINDOW_MS?: string;
  /** Most rows of a batch: 1 to 64; 1 runs every request by itself. */
  readonly MAX_BATCH?: string;
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

type Limits = Pick<InferenceServerOptions, "memoryBudgetBytes" | "batchWindowMs" | "maxBatch">;

/** Options of the server that come from the configuration. @throws {RangeError} for what is no number in range. */
export function limitsOf(env: Env): Limits {
  const megabytes = wholeNumber(env, "MEMORY_BUDGET_MB", 1, Number.MAX_SAFE_INTEGER / BYTES_PER_MB);
  return {
    memoryBudgetBytes: megabytes && megabytes * BYTES_PER_MB,
    batchWindowMs: wholeNumber(env, "BATCH_WINDOW_MS", 0, MAX_BATCH_WINDOW_MS),
    maxBatch: wholeNumber(env, "MAX_BATCH", 1, LARGEST_BATCH),
  };
}

/** A variable's number; `undefined`, which is to say the default, when it is absent or empty. */
function wholeNumber(
  env: Env,
  name: "MEMORY_BUDGET_MB" | "BATCH_WINDOW_MS" | "MAX_BATCH",
  least: number,
  most: number,
): number | undefined {
  const text = env[name];
  if (!text) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`${name} is "${text}", not a whole number from ${least} to ${most}.`);
}
