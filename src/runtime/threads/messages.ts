/** What a runtime and its threads say to each other. */
import {
  EngineUnavailableError,
  InferenceError,
  InvalidTensorError,
  ModelLoadError,
  reasonOf,
} from "../errors.ts";
import type { EngineName, LoadOptions, Memory } from "../session.ts";
import type { NumericTensor, NumericTensors, TensorSpec } from "../tensor.ts";

/** To a thread. Sessions have numbers that the runtime gives out. */
export type Order =
  | {
      readonly kind: "load";
      readonly session: number;
      /** In shared memory: every thread reads the same. */
      readonly bytes: Uint8Array;
      readonly options: LoadOptions;
    }
  | {
      readonly kind: "run";
      readonly session: number;
      readonly inputs: NumericTensors;
      readonly outputs?: readonly string[] | undefined;
    }
  | { readonly kind: "dispose"; readonly session: number };

/** What a session says of itself, once it is loaded. */
export interface Loaded {
  readonly engine: EngineName;
  readonly provider: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly memory: Memory;
}

export interface Ran {
  readonly outputs: NumericTensors;
  readonly memory: Memory;
}

export interface Results {
  readonly load: Loaded;
  readonly run: Ran;
  readonly dispose: undefined;
}

/** An error on its way between threads: those of a class that matters keep their class. */
export interface Failure {
  readonly name: string;
  readonly reason: string;
}

/** From a thread. */
export type Report =
  | { readonly id: number; readonly result: Results[Order["kind"]] }
  | { readonly id: number; readonly failure: Failure };

export function failureOf(error: unknown): Failure {
  const { name = "Error", reason = reasonOf(error) } = (error ?? {}) as { name?: string; reason?: string };
  return { name, reason };
}

/** The error that a thread met. @param what the model it was about */
export function errorOf({ name, reason }: Failure, what: string): Error {
  switch (name) {
    case ModelLoadError.name:
      return new ModelLoadError(what, reason);
    case EngineUnavailableError.name:
      return new EngineUnavailableError("native", reason);
    case InvalidTensorError.name:
    case InferenceError.name:
      return new InferenceError(what, reason);
    default:
      return new InferenceError(what, `${name}: ${reason}`);
  }
}

/** Tensors with memory of their own, and that memory, to be handed to another thread. */
export interface Parcel {
  readonly tensors: NumericTensors;
  readonly buffers: ArrayBuffer[];
}

/** Copies tensors into memory of their own: whoever gave them keeps theirs. */
export function copied(tensors: NumericTensors): Parcel {
  return parcel(tensors, (tensor) => ({ ...tensor, data: tensor.data.slice() }) as NumericTensor);
}

/** Hands tensors over as they are, if they alone fill their memory; copies the others. */
export function given(tensors: NumericTensors): Parcel {
  const taken = new Set<ArrayBufferLike>();
  return parcel(tensors, (tensor) => {
    const { buffer, byteLength } = tensor.data;
    const alone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !taken.has(buffer);
    taken.add(buffer);
    return alone ? tensor : ({ ...tensor, data: tensor.data.slice() } as NumericTensor);
  });
}

function parcel(tensors: NumericTensors, packed: (tensor: NumericTensor) => NumericTensor): Parcel {
  const copies = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, packed(tensor)]));
  return { tensors: copies, buffers: Object.values(copies).map(({ data }) => data.buffer as ArrayBuffer) };
}
