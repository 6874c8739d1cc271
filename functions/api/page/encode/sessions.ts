/** Models that are ready on this device. Each is downloaded and prepared once. */
import type { Precision } from "../../../../src/runtime/manifest.ts";
import type { Runtime, Session } from "../../../../src/runtime/session.ts";
import type { Model } from "../model.ts";
import { PageProblem } from "../problem.ts";
import type { Report } from "./encoding.ts";
import { fetchModel } from "./fetch-model.ts";
import { findGpu } from "./gpu.ts";
import type { DeviceEngine } from "./messages.ts";

const ready = new Map<string, Promise<Session>>();

/** The session for `model` on `engine`. A failed start is forgotten, so that the next picture tries again. */
export function sessionFor(engine: DeviceEngine, model: Model, report: Report): Promise<Session> {
  const key = `${engine} ${model.base}`;
  const known = ready.get(key);
  if (known !== undefined) return known;
  const session = start(engine, model, report);
  ready.set(key, session);
  session.catch(() => ready.delete(key));
  return session;
}

async function start(engine: DeviceEngine, model: Model, report: Report): Promise<Session> {
  report("Looking at this device");
  const precisions = await usablePrecisions(engine);
  const { manifest } = model;
  const precision = precisions.find((candidate) => manifest.files[candidate] !== undefined);
  const file = precision === undefined ? undefined : manifest.files[precision];
  if (precision === undefined || file === undefined) {
    throw unusable(`${manifest.name} has no file that this device can run`);
  }
  const [runtime, bytes] = await Promise.all([loadRuntime(engine), fetchModel(model.base, file, report)]);
  report("Preparing the model");
  return runtime.load(bytes, { manifest, precision });
}

/** Which model files the engine runs, the best first. */
async function usablePrecisions(engine: DeviceEngine): Promise<readonly Precision[]> {
  if (engine === "wasm") return ["int8", "fp16"];
  const gpu = await findGpu();
  if (!gpu.available) throw unusable(gpu.reason);
  return gpu.halfPrecision ? ["fp16", "int8"] : ["int8"];
}

/** The inference runtimes are large; they are loaded when somebody needs them. */
async function loadRuntime(engine: DeviceEngine): Promise<Runtime> {
  if (engine === "webgpu") {
    const { webgpuRuntime } = await import("../../../../src/runtime/webgpu-runtime.ts");
    return webgpuRuntime();
  }
  const { wasmRuntime } = await import("../../../../src/runtime/wasm-runtime.ts");
  return wasmRuntime();
}

function unusable(detail: string): PageProblem {
  return new PageProblem({
    code: "engine-unavailable",
    title: "This device cannot encode",
    detail,
    hint: "Choose another encoder.",
  });
}
