/** Tensors as they cross every border of the system: a data type, a shape, and packed row-major elements. */

/** Numeric data types by their Open Inference Protocol names. `FP16` elements travel as raw 16-bit words. */
export type NumericType = "UINT8" | "INT8" | "INT32" | "INT64" | "FP16" | "FP32";

/** `BYTES` elements are byte strings, each of its own length. Texts are UTF-8. */
export type DataType = NumericType | "BYTES";

export interface TensorData {
  UINT8: Uint8Array;
  INT8: Int8Array;
  INT32: Int32Array;
  INT64: BigInt64Array;
  FP16: Uint16Array;
  FP32: Float32Array;
  BYTES: readonly Uint8Array[];
}

export type Tensor = {
  [T in DataType]: { readonly datatype: T; readonly shape: readonly number[]; readonly data: TensorData[T] };
}[DataType];

/** A tensor of numbers: one typed array that can be cut, copied and handed over as bytes. */
export type NumericTensor = Exclude<Tensor, { readonly datatype: "BYTES" }>;

/** A tensor of byte strings. */
export type BytesTensor = Extract<Tensor, { readonly datatype: "BYTES" }>;

/** What a model expects or returns under one name: numbers. A dimension of -1 is free (the batch). */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: NumericType;
  readonly shape: readonly number[];
}

/** Named tensors, as a session takes and returns them. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Named tensors of numbers: what engines compute with. */
export type NumericTensors = Readonly<Record<string, NumericTensor>>;

export const BYTES_PER_ELEMENT: Readonly<Record<NumericType, number>> = {
  UINT8: 1,
  INT8: 1,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  FP32: 4,
};

/** Number of elements of a shape: the product of its dimensions (1 for a scalar). */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const dimension of shape) count *= dimension;
  return count;
}
