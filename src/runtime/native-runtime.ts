/** The `native` engine: onnxruntime-node, on whatever the machine has: CUDA, WebGPU or the CPU. */
import { existsSync } from "node:fs";
import type * as Ort from "onnxruntime-web";
import { EngineUnavailableError, ModelLoadError, reasonOf } from "./errors.ts";
import { onnxSession } from "./onnx-session.ts";
import type { LoadOptions, Runtime, Session } from "./session.ts";

export type NativeProvider = "cuda" | "webgpu" | "cpu";

export interface NativeRuntimeOptions {
  /** @default the first of cuda, webgpu, cpu on which the machine loads the model */
  readonly provider?: NativeProvider | undefined;
  /** Threads inside one operator on the CPU. @default one a physical core */
  readonly threads?: number | undefined;
}

/** What onnxruntime-node exports beyond the interface that all bindings share. */
export type OrtNode = typeof Ort & { listSupportedBackends(): { name: string }[] };

/** Devices without which a Linux machine has no GPU; other systems are simply tried. */
const LINUX_GPU_DEVICES = ["/dev/nvidia0", "/dev/dri/renderD128", "/dev/dxg"];

let imported: Promise<OrtNode> | undefined;

/** onnxruntime-node, loaded once. @throws {EngineUnavailableError} when it, an optional dependency, is not installed. */
export function ortNode(): Promise<OrtNode> {
  imported ??= importOrtNode();
  return imported;
}

/**
 * An inference blocks the event loop while it runs on the CPU: servers run it in a worker thread.
 * @example
 * const session = await nativeRuntime({ threads: 1 }).load(bytes, { manifest, precision: "fp32" });
 */
export function nativeRuntime(options: NativeRuntimeOptions = {}): Runtime {
  return { engine: "native", load: (bytes, load) => loadNative(bytes, load, options) };
}

/** @throws {EngineUnavailableError} when onnxruntime-node, an optional dependency, is not installed. */
async function loadNative(
  bytes: Uint8Array,
  { manifest }: LoadOptions,
  options: NativeRuntimeOptions,
): Promise<Session> {
  const ort = await ortNode();
  const providers = options.provider ? [options.provider] : providersOfMachine(ort);
  const failures: unknown[] = [];
  for (const provider of providers) {
    const session = await createSession(ort, bytes, provider, options.threads).catch((error) => {
      failures.push(error);
    });
    if (!session) continue;
    const heapBytes = () => process.memoryUsage.rss();
    const modelBytes = bytes.byteLength;
    return onnxSession({
      engine: "native",
      provider,
      session,
      Tensor: ort.Tensor,
      manifest,
      modelBytes,
      heapBytes,
    });
  }
  const reason = `${providers.join(", ")}: ${failures.map(reasonOf).join("; ")}`;
  throw new ModelLoadError(manifest.name, reason, failures.at(-1));
}

/** @param more options of one's own, such as where outputs are to stay */
export function createSession(
  ort: OrtNode,
  bytes: Uint8Array,
  provider: NativeProvider,
  threads: number | undefined,
  more: Ort.InferenceSession.SessionOptions = {},
): Promise<Ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, {
    executionProviders: [provider],
    // Fatal only: errors are thrown as well.
    logSeverityLevel: 4,
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    ...more,
  });
}

/** Providers that this machine may have, the fastest first. */
export function providersOfMachine(ort: OrtNode): NativeProvider[] {
  const hasGpu = process.platform !== "linux" || LINUX_GPU_DEVICES.some((device) => existsSync(device));
  const supported = new Set(ort.listSupportedBackends().map((backend) => backend.name));
  const gpu = (["cuda", "webgpu"] as const).filter((provider) => hasGpu && supported.has(provider));
  return [...gpu, "cpu"];
}

/**
 * onnxruntime-node hands 16-bit floats over as `Uint16Array`, unless there is a `Float16Array` (Node 24) when it
 * makes its first tensor: then it fails on them. So it makes that tensor while there is none.
 */
async function importOrtNode(): Promise<OrtNode> {
  const realm = globalThis as { Float16Array?: unknown };
  const { Float16Array } = realm;
  delete realm.Float16Array;
  try {
    const ort = (await import("onnxruntime-node")) as unknown as OrtNode;
    new ort.Tensor("uint8", new Uint8Array(1), [1]);
    return ort;
  } catch (error) {
    throw new EngineUnavailableError(
      "native",
      `onnxruntime-node cannot be loaded: ${reasonOf(error)}`,
      error,
    );
  } finally {
    if (Float16Array !== undefined) {
      Object.defineProperty(realm, "Float16Array", {
        value: Float16Array,
        configurable: true,
        writable: true,
      });
    }
  }
}
