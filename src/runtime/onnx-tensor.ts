/** Tensors to and from the representation that every ONNX Runtime binding shares. */
import type * as Ort from "onnxruntime-web";
import { elementCount, type NumericTensor, type NumericType, type TensorSpec } from "./tensor.ts";

/** The constructor that a binding exports as `Tensor`. */
export type OrtTensorConstructor = typeof Ort.Tensor;

const ORT_TYPES = {
  UINT8: "uint8",
  INT8: "int8",
  INT32: "int32",
  INT64: "int64",
  FP16: "float16",
  FP32: "float32",
} as const satisfies Record<NumericType, Ort.Tensor.Type>;

const DATA_TYPES: ReadonlyMap<string, NumericType> = new Map(
  Object.entries(ORT_TYPES).map(([datatype, type]) => [type, datatype as NumericType]),
);

/** Wraps a tensor for a binding without copying its elements. */
export function toOrtTensor(Constructor: OrtTensorConstructor, tensor: NumericTensor): Ort.Tensor {
  // The constructor's overloads pair each type with its array; the union that `NumericTensor` is fits none of them.
  const make = Constructor as unknown as new (
    type: string,
    data: unknown,
    dims: readonly number[],
  ) => Ort.Tensor;
  return new make(ORT_TYPES[tensor.datatype], tensor.data, tensor.shape);
}

/**
 * Reads a tensor that a binding returned; the elements are not copied.
 * @throws {TypeError} for element types outside {@link NumericType}, such as strings and booleans.
 */
export function fromOrtTensor(tensor: Ort.Tensor): NumericTensor {
  const { data, dims: shape } = tensor;
  const datatype = DATA_TYPES.get(tensor.type);
  if (datatype === "FP16" && ArrayBuffer.isView(data)) {
    return { datatype, shape, data: new Uint16Array(data.buffer, data.byteOffset, elementCount(shape)) };
  }
  if (datatype === undefined) throw new TypeError(`element type "${tensor.type}" is not supported`);
  return { datatype, shape, data } as NumericTensor;
}

/**
 * What a session says about one input or output; named dimensions become -1.
 * @throws {TypeError} for values that are not tensors of a {@link NumericType}.
 */
export function toTensorSpec(value: Ort.InferenceSession.ValueMetadata): TensorSpec {
  const datatype = value.isTensor ? DATA_TYPES.get(value.type) : undefined;
  if (!value.isTensor || datatype === undefined) {
    throw new TypeError(`"${value.name}" is not a tensor of a supported element type`);
  }
  const shape = value.shape.map((size) => (typeof size === "number" && size >= 0 ? size : -1));
  return { name: value.name, datatype, shape };
}
