/** Models that are ready on this device. Each is downloaded and prepared once. */
import type { ModelFile, ModelManifest, Precision } from "../../../../src/runtime/manifest.ts";
import type { Runtime, Session } from "../../../../src/runtime/session.ts";
import type { Model } from "../model.ts";
import { PageProblem, reasonOf } from "../problem.ts";
import type { Report } from "./encoding.ts";
import { fetchModel } from "./fetch-model.ts";
import { findGpu } from "./gpu.ts";
import type { DeviceEngine } from "./messages.ts";

export interface Ready {
  readonly session: Session;
  /** What runs it, in words: `Corkboard engine, relaxed SIMD`. */
  readonly words: string;
  /** Why another engine was passed over. */
  readonly passedOver: readonly string[];
}

const CORKBOARD = "Corkboard engine";
const ONNXRUNTIME = "onnxruntime-web";

const ready = new Map<string, Promise<Ready>>();

/** The session for `model` on `engine`. A failed start is forgotten, so that the next picture tries again. */
export function sessionFor(engine: DeviceEngine, model: Model, report: Report): Promise<Ready> {
  const key = `${engine} ${model.base}`;
  const known = ready.get(key);
  if (known !== undefined) return known;
  report("Looking at this device");
  const session = engine === "webgpu" ? onGpu(model, report) : onProcessor(model, report);
  ready.set(key, session);
  session.catch(() => ready.delete(key));
  return session;
}

async function onGpu(model: Model, report: Report): Promise<Ready> {
  const gpu = await findGpu();
  if (!gpu.available) throw unusable(gpu.reason);
  const file = firstOf(model.manifest, gpu.halfPrecision ? ["fp16", "int8"] : ["int8"]);
  const session = await load(webgpuRuntime(), model, file, report);
  return { session, words: ONNXRUNTIME, passedOver: [] };
}

/**
 * WebAssembly: a model with a plan runs on Corkboard's engine, a few kilobytes of code; everything else, and all
 * models where that fails, on onnxruntime-web, which is a thousand times larger and is fetched only then.
 */
async function onProcessor(model: Model, report: Report): Promise<Ready> {
  const passedOver: string[] = [];
  if (model.plan !== undefined) {
    try {
      const session = await load(engineRuntime(), model, { precision: "int8", file: model.plan }, report);
      const simd = session.provider === "relaxed" ? "relaxed SIMD" : "SIMD";
      return { session, words: `${CORKBOARD}, ${simd}`, passedOver };
    } catch (thrown) {
      passedOver.push(`${CORKBOARD}: ${reasonOf(thrown)}`);
    }
  }
  const session = await load(wasmRuntime(), model, firstOf(model.manifest, ["int8", "fp16"]), report);
  return { session, words: ONNXRUNTIME, passedOver };
}

interface Chosen {
  readonly precision: Precision;
  readonly file: ModelFile;
}

/** The first of the files that the model has. @throws {PageProblem} when it has none of them */
function firstOf({ name, files }: ModelManifest, precisions: readonly Precision[]): Chosen {
  for (const precision of precisions) {
    const file = files[precision];
    if (file !== undefined) return { precision, file };
  }
  throw unusable(`${name} has no file that this device can run`);
}

async function load(
  starting: Promise<Runtime>,
  { manifest, base }: Model,
  { precision, file }: Chosen,
  report: Report,
): Promise<Session> {
  const [runtime, bytes] = await Promise.all([starting, fetchModel(base, file, report)]);
  report("Preparing the model");
  return runtime.load(bytes, { manifest, precision });
}

/** Each runtime is a script of its own, loaded when somebody needs it. */
const engineRuntime = async (): Promise<Runtime> =>
  (await import("../../../../src/runtime/engine/engine-runtime.ts")).engineRuntime();
const wasmRuntime = async (): Promise<Runtime> =>
  (await import("../../../../src/runtime/wasm-runtime.ts")).wasmRuntime();
const webgpuRuntime = async (): Promise<Runtime> =>
  (await import("../../../../src/runtime/webgpu-runtime.ts")).webgpuRuntime();

function unusable(detail: string): PageProblem {
  return new PageProblem({
    code: "engine-unavailable",
    title: "This device cannot encode",
    detail,
    hint: "Choose another encoder.",
  });
}
