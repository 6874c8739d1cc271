/** Runs large batches a few rows at a time, so that working memory does not grow with the batch. */
import type { Session } from "../runtime/session.ts";
import type { Tensors } from "../runtime/tensor.ts";
import { assertInputs } from "../runtime/validate.ts";
import { isRowwise, joinRows, rowCount, splitRows } from "./rows.ts";

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
  const batch = rowCount(inputs);
  if (batch === undefined || batch <= rows || !isRowwise(session)) return session.run(inputs, outputs);
  const counts = Array.from({ length: Math.ceil(batch / rows) }, (_, index) =>
    Math.min(rows, batch - index * rows),
  );
  const answers: Tensors[] = [];
  for (const slice of splitRows(inputs, counts)) answers.push(await session.run(slice, outputs));
  return joinRows(answers);
}
