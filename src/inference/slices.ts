/** Runs large batches a few rows at a time, so that working memory does not grow with the batch. */
import type { Session } from "../runtime/session.ts";
import {
  BYTES_PER_ELEMENT,
  elementCount,
  type Tensor,
  type TensorSpec,
  type Tensors,
} from "../runtime/tensor.ts";
import { assertInputs } from "../runtime/validate.ts";
import { concatenate } from "./body.ts";
import { tensorFromBytes } from "./tensor-data.ts";

/**
 * Runs `session` on at most `rows` rows at once and joins the answers. A model whose inputs and outputs do not
 * all have a free first dimension (the batch) runs at once.
 * @throws what {@link Session.run} throws.
 */
export async function runInSlices(
  session: Session,
  inputs: Tensors,
  outputs: readonly string[] | undefined,
  rows: number,
): Promise<Tensors> {
  assertInputs(session.inputs, inputs);
  const batch = Object.values(inputs)[0]?.shape[0] ?? 0;
  const sliceable = [...session.inputs, ...session.outputs].every(isBatched) && sameRows(inputs, batch);
  if (!sliceable || batch <= rows) return session.run(inputs, outputs);
  const answers: Tensors[] = [];
  for (let start = 0; start < batch; start += rows) {
    const slice = mapTensors(inputs, (tensor) => rowsOf(tensor, start, Math.min(start + rows, batch)));
    answers.push(await session.run(slice, outputs));
  }
  return mapTensors(answers[0]!, (_, name) => joined(answers.map((answer) => answer[name]!)));
}

function isBatched({ shape }: TensorSpec): boolean {
  return shape[0] === -1;
}

function sameRows(inputs: Tensors, batch: number): boolean {
  return Object.values(inputs).every((tensor) => tensor.shape[0] === batch);
}

/** Rows `start` to `end` (exclusive) along the first dimension. */
function rowsOf({ datatype, shape, data }: Tensor, start: number, end: number): Tensor {
  const row = elementCount(shape.slice(1)) * BYTES_PER_ELEMENT[datatype];
  const bytes = new Uint8Array(data.buffer, data.byteOffset + start * row, (end - start) * row);
  return tensorFromBytes(datatype, [end - start, ...shape.slice(1)], bytes);
}

function joined(parts: readonly Tensor[]): Tensor {
  const { datatype, shape } = parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
  const bytes = parts.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return tensorFromBytes(datatype, [rows, ...shape.slice(1)], concatenate(bytes));
}

function mapTensors(tensors: Tensors, map: (tensor: Tensor, name: string) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor, name)]));
}
