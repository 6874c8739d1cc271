/** Tensors as they cross every border of the system: a data type, a shape, and packed row-major elements. */

/** Data types by their Open Inference Protocol names. `FP16` elements travel as raw 16-bit words. */
export type DataType = "UINT8" | "INT8" | "INT32" | "INT64" | "FP16" | "FP32";

export interface TensorData {
  UINT8: Uint8Array;
  INT8: Int8Array;
  INT32: Int32Array;
  INT64: BigInt64Array;
  FP16: Uint16Array;
  FP32: Float32Array;
}

export type Tensor = {
  [T in DataType]: { readonly datatype: T; readonly shape: readonly number[]; readonly data: TensorData[T] };
}[DataType];

/** What a model expects or returns under one name. A dimension of -1 is free (the batch). */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: DataType;
  readonly shape: readonly number[];
}

/** Named tensors, as a session takes and returns them. */
export type Tensors = Readonly<Record<string, Tensor>>;

export const BYTES_PER_ELEMENT: Readonly<Record<DataType, number>> = {
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
