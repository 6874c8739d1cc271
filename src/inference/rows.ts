/** Batches as rows: tensors that are cut and joined along their first dimension. */
import type { Session } from "../runtime/session.ts";
import {
  BYTES_PER_ELEMENT,
  type BytesTensor,
  elementCount,
  type NumericTensor,
  type Tensor,
  type TensorSpec,
  type Tensors,
} from "../runtime/tensor.ts";
import { concatenate } from "./body.ts";
import { bytesOf, tensorFromBytes } from "./tensor-data.ts";

/** Whether every input and output of a model has a free first dimension: the batch. */
export function isRowwise({ inputs, outputs }: Pick<Session, "inputs" | "outputs">): boolean {
  return [...inputs, ...outputs].every(({ shape }: TensorSpec) => shape[0] === -1);
}

/** How many rows these tensors have; `undefined` when they do not all have the same number, or none. */
export function rowCount(tensors: Tensors): number | undefined {
  const [first, ...others] = Object.values(tensors).map(({ shape }) => shape[0]);
  return first !== undefined && first > 0 && others.every((rows) => rows === first) ? first : undefined;
}

/** Puts tensors of the same names, data types and row shapes one below the other. */
export function joinRows(parts: readonly Tensors[]): Tensors {
  if (parts.length === 1) return parts[0]!;
  return mapTensors(parts[0]!, (_, name) => joined(parts.map((part) => part[name]!)));
}

/**
 * Cuts tensors into parts of `counts` rows.
 * @throws {RangeError} when a tensor does not have as many rows as `counts` has together.
 */
export function splitRows(tensors: Tensors, counts: readonly number[]): Tensors[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (const [name, { shape }] of Object.entries(tensors)) {
    if (shape[0] !== total) throw new RangeError(`"${name}" has ${shape[0] ?? "no"} rows, not ${total}.`);
  }
  let start = 0;
  return counts.map((count) => {
    const from = start;
    start += count;
    return mapTensors(tensors, (tensor) => cut(tensor, from, from + count));
  });
}

/** Rows `start` to `end` (exclusive) along the first dimension. */
function cut(tensor: Tensor, start: number, end: number): Tensor {
  const { datatype, shape, data } = tensor;
  const elements = elementCount(shape.slice(1));
  if (datatype === "BYTES") {
    return {
      datatype,
      shape: [end - start, ...shape.slice(1)],
      data: data.slice(start * elements, end * elements),
    };
  }
  const row = elements * BYTES_PER_ELEMENT[datatype];
  const bytes = new Uint8Array(data.buffer, data.byteOffset + start * row, (end - start) * row);
  return tensorFromBytes(datatype, [end - start, ...shape.slice(1)], bytes);
}

function joined(parts: readonly Tensor[]): Tensor {
  const { datatype, shape } = parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
  const whole = [rows, ...shape.slice(1)];
  if (datatype === "BYTES") {
    return { datatype, shape: whole, data: parts.flatMap((part) => (part as BytesTensor).data) };
  }
  const bytes = parts.map((part) => bytesOf(part as NumericTensor));
  return tensorFromBytes(datatype, whole, concatenate(bytes));
}

function mapTensors(tensors: Tensors, map: (tensor: Tensor, name: string) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor, name)]));
}
