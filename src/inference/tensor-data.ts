/** Numbers of tensors from the two forms in which the protocol carries them: raw bytes and JSON numbers. */
import {
  BYTES_PER_ELEMENT,
  type NumericTensor,
  type NumericType,
  type TensorData,
} from "../runtime/tensor.ts";
import { MalformedMessageError } from "./errors.ts";
import { MAX_RANK, type TensorHeader } from "./protocol.ts";

const ARRAYS: {
  readonly [T in NumericType]: new (
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
  ) => TensorData[T];
} = {
  UINT8: Uint8Array,
  INT8: Int8Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  FP32: Float32Array,
};

const INTEGER_RANGES: Partial<Record<NumericType, readonly [number, number]>> = {
  UINT8: [0, 255],
  INT8: [-128, 127],
  INT32: [-(2 ** 31), 2 ** 31 - 1],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** A tensor over `bytes` (little-endian, as long as the shape says): a view where aligned, else a copy. */
export function tensorFromBytes(
  datatype: NumericType,
  shape: readonly number[],
  bytes: Uint8Array,
): NumericTensor {
  const size = BYTES_PER_ELEMENT[datatype];
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const data = new ARRAYS[datatype](aligned.buffer, aligned.byteOffset, aligned.byteLength / size);
  return { datatype, shape, data } as NumericTensor;
}

/** A tensor's numbers as they lie in memory. */
export function bytesOf({ data }: NumericTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * A tensor from a JSON array, flat or nested.
 * @throws {MalformedMessageError} when the numbers are too few, too many or out of the data type's range.
 */
export function tensorFromJson(header: TensorHeader, datatype: NumericType, count: number): NumericTensor {
  const { name, shape, data: numbers } = header;
  if (!numbers) throw new MalformedMessageError(`"${name}" has no data.`);
  if (datatype === "FP16")
    throw new MalformedMessageError(`"${name}" is FP16, which travels as binary data only.`);
  const bytes = new Uint8Array(count * BYTES_PER_ELEMENT[datatype]);
  const tensor = tensorFromBytes(datatype, shape, bytes);
  let index = 0;
  for (const value of flatten(numbers)) {
    if (index === count) throw new MalformedMessageError(`"${name}" has more than ${count} numbers.`);
    if (!fits(datatype, value)) {
      throw new MalformedMessageError(`"${name}" has an element that is no ${datatype}, at ${index}.`);
    }
    tensor.data[index++] = tensor.datatype === "INT64" ? BigInt(value) : value;
  }
  if (index < count)
    throw new MalformedMessageError(`"${name}" has ${index} numbers; its shape needs ${count}.`);
  return tensor;
}

/** Elements of a JSON array, flat or nested. */
export function* flatten(values: readonly unknown[], depth = 1): Generator<unknown> {
  for (const value of values) {
    if (Array.isArray(value) && depth < MAX_RANK) yield* flatten(value, depth + 1);
    else yield value;
  }
}

function fits(datatype: NumericType, value: unknown): value is number {
  if (typeof value !== "number") return false;
  const range = INTEGER_RANGES[datatype];
  return range === undefined || (Number.isInteger(value) && value >= range[0] && value <= range[1]);
}
