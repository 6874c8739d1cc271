/** A session over any ONNX Runtime binding: validation, order and clean-up are the same on all of them. */
import type * as Ort from "onnxruntime-web";
import { InferenceError, ModelLoadError, reasonOf } from "./errors.ts";
import type { ModelManifest } from "./manifest.ts";
import { inputsOf, outputsOf } from "./manifest-tensors.ts";
import { narrowed } from "./narrow.ts";
import { fromOrtTensor, type OrtTensorConstructor, toOrtTensor, toTensorSpec } from "./onnx-tensor.ts";
import type { EngineName, Memory, Session } from "./session.ts";
import type { NumericTensors, TensorSpec, Tensors } from "./tensor.ts";
import { assertInputs, assertOutputs } from "./validate.ts";

export interface OnnxSessionOptions {
  readonly engine: EngineName;
  readonly provider: string;
  readonly session: Ort.InferenceSession;
  readonly Tensor: OrtTensorConstructor;
  readonly manifest: ModelManifest;
  readonly modelBytes: number;
  /** Bytes of the heap that holds the session, now. */
  readonly heapBytes: () => number;
}

/**
 * Makes a session ready to use.
 * @throws {ModelLoadError} when the model's inputs or outputs differ from the manifest; `session` is released then.
 */
export async function onnxSession(options: OnnxSessionOptions): Promise<Session> {
  const { session, manifest } = options;
  try {
    const inputs = inputsOf(manifest).reduce(narrowed, session.inputMetadata.map(toTensorSpec));
    const outputs = outputsOf(manifest).reduce(narrowed, session.outputMetadata.map(toTensorSpec));
    return new OnnxSession(options, inputs, outputs);
  } catch (error) {
    await session.release();
    throw new ModelLoadError(manifest.name, reasonOf(error), error);
  }
}

class OnnxSession implements Session {
  readonly engine: EngineName;
  readonly provider: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #options: OnnxSessionOptions;
  /** Settles when the work that was asked for so far is done; never rejects. */
  #idle: Promise<unknown> = Promise.resolve();
  #disposed: Promise<void> | undefined;

  constructor(options: OnnxSessionOptions, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]) {
    this.engine = options.engine;
    this.provider = options.provider;
    this.inputs = inputs;
    this.outputs = outputs;
    this.#options = options;
  }

  async run(inputs: Tensors, outputs?: readonly string[]): Promise<NumericTensors> {
    if (this.#disposed) throw this.#error("the session was disposed");
    assertInputs(this.inputs, inputs);
    assertOutputs(this.outputs, outputs ?? []);
    return this.#inOrder(() => this.#infer(inputs, outputs ?? this.outputs.map((spec) => spec.name)));
  }

  memory(): Memory {
    return { heapBytes: this.#options.heapBytes(), modelBytes: this.#options.modelBytes };
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#inOrder(() => this.#options.session.release());
    return this.#disposed;
  }

  #inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#idle.then(work);
    this.#idle = result.catch(() => undefined);
    return result;
  }

  async #infer(inputs: NumericTensors, outputs: readonly string[]): Promise<NumericTensors> {
    const { Tensor, session } = this.#options;
    try {
      const feeds = mapValues(inputs, (tensor) => toOrtTensor(Tensor, tensor));
      return mapValues(await session.run(feeds, [...outputs]), fromOrtTensor);
    } catch (error) {
      throw this.#error(reasonOf(error), error);
    }
  }

  #error(reason: string, cause?: unknown): InferenceError {
    return new InferenceError(this.#options.manifest.name, reason, cause);
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
