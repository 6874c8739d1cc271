/** The one interface behind which every inference engine stands. */
import type { ModelManifest, Precision } from "./manifest.ts";
import type { NumericTensors, TensorSpec, Tensors } from "./tensor.ts";

/** Which implementation runs a session, and on what. */
export type EngineName = "engine" | "wasm" | "webgpu" | "native";

export interface Memory {
  /** Bytes of the heap that holds the session (for WebAssembly: the whole linear memory). */
  readonly heapBytes: number;
  /** Whether the session has that heap for itself, and disposing of it frees all. @default false */
  readonly own?: boolean;
  /** Bytes of the model file that the session was loaded from. */
  readonly modelBytes: number;
}

/** A model ready to run. One session runs one inference at a time; concurrent calls queue in order. */
export interface Session {
  readonly engine: EngineName;
  /** Execution provider as the engine names it: `wasm`, `webgpu`, `cuda`, `cpu`. */
  readonly provider: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /**
   * Runs the model on named tensors and returns every output, or only those in `outputs`.
   * @throws {InvalidTensorError} when a tensor is missing, unknown, or of another type or shape; engines take no BYTES.
   * @throws {InferenceError} when the engine fails.
   */
  run(inputs: Tensors, outputs?: readonly string[]): Promise<NumericTensors>;
  memory(): Memory;
  /** Frees the session. Idempotent; running after it throws. */
  dispose(): Promise<void>;
}

export interface LoadOptions {
  readonly manifest: ModelManifest;
  /** Which of the manifest's files `bytes` is. */
  readonly precision: Precision;
}

/** An inference engine: makes sessions from model bytes. */
export interface Runtime {
  readonly engine: EngineName;
  /** @throws {ModelLoadError} when the bytes are not a model that the engine runs, or differ from the manifest. */
  load(bytes: Uint8Array, options: LoadOptions): Promise<Session>;
}
