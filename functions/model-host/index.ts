/** The edge model host: the models that its configuration names, behind the Open Inference Protocol. */
import { type IRequest, Router } from "itty-router";
import { type Assets, assetStore, type Bucket } from "../../src/inference/asset-store.ts";
import { planStore } from "../../src/inference/plan-store.ts";
import { type Call, InferenceServer } from "../../src/inference/server.ts";
import { engineOr } from "../../src/runtime/engine/engine-runtime.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";

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

interface Context {
  waitUntil(work: Promise<unknown>): void;
}

const BYTES_PER_MB = 1024 * 1024;

/** One server an isolate: it holds the models. */
let server: InferenceServer | undefined;

function serverOf(env: Env): InferenceServer {
  const files = assetStore({
    assets: env.ASSETS,
    bucket: env.MODEL_FILES,
    models: env.MODELS,
    ...(env.PRECISION && { precision: env.PRECISION }),
  });
  const onnxOnly = env.ENGINE === "ort";
  server ??= new InferenceServer({
    name: "corkboard-model-host",
    runtime: onnxOnly ? wasmRuntime() : engineOr(wasmRuntime()),
    store: onnxOnly ? files : planStore(files, env.ASSETS),
    ...(env.MEMORY_BUDGET_MB && { memoryBudgetBytes: Number(env.MEMORY_BUDGET_MB) * BYTES_PER_MB }),
  });
  return server;
}

type Arguments = [server: InferenceServer, call: Call];

const router = Router<IRequest, Arguments, Response>();

router
  .get("/v2/health/live", (_, host) => host.live())
  .get("/v2/health/ready", (_, host, call) => host.ready(call))
  .get("/v2", (_, host) => host.metadata())
  .get("/v2/models/:model", ({ params }, host, call) => host.modelMetadata(call, params.model!))
  .get("/v2/models/:model/ready", ({ params }, host, call) => host.modelReady(call, params.model!))
  .post("/v2/models/:model/infer", ({ params }, host, call) => host.infer(call, params.model!))
  .get("/v2/models/:model/versions/:version", ({ params }, host, call) =>
    host.modelMetadata(call, params.model!, params.version),
  )
  .get("/v2/models/:model/versions/:version/ready", ({ params }, host, call) =>
    host.modelReady(call, params.model!, params.version),
  )
  .post("/v2/models/:model/versions/:version/infer", ({ params }, host, call) =>
    host.infer(call, params.model!, params.version),
  )
  .all("*", () => Response.json({ error: "No such route." }, { status: 404 }));

export default {
  fetch(request: Request, env: Env, context: Context): Promise<Response> {
    const waitUntil = (work: Promise<unknown>) => context.waitUntil(work);
    return router.fetch(request, serverOf(env), { request, waitUntil });
  },
};
