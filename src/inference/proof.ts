/** The real inference after which a model counts as ready. */
import { InferenceError } from "../runtime/errors.ts";
import { outputsOf } from "../runtime/manifest.ts";
import type { Session } from "../runtime/session.ts";
import { BYTES_PER_ELEMENT, elementCount, type TensorSpec } from "../runtime/tensor.ts";
import { shapeFits } from "../runtime/validate.ts";
import type { HostedModel } from "./model-store.ts";
import { tensorFromBytes } from "./tensor-data.ts";

/**
 * Runs a model once on zeros, one row.
 * @throws {InferenceError} when it fails or answers another shape than its manifest says.
 */
export async function prove({ manifest }: HostedModel, session: Session): Promise<void> {
  const inputs = Object.fromEntries(session.inputs.map((spec) => [spec.name, zeros(spec)]));
  const declared = outputsOf(manifest);
  const answers = await session.run(
    inputs,
    declared.map(({ name }) => name),
  );
  for (const { name, datatype, shape } of declared) {
    const output = answers[name];
    if (output?.datatype === datatype && shapeFits(shape, output.shape)) continue;
    const got = output ? `${output.datatype} [${output.shape.join(",")}]` : "nothing";
    throw new InferenceError(
      manifest.name,
      `output "${name}" is ${got}, not ${datatype} [${shape.join(",")}]`,
    );
  }
}

function zeros(spec: TensorSpec) {
  const shape = spec.shape.map((size) => (size === -1 ? 1 : size));
  return tensorFromBytes(
    spec.datatype,
    shape,
    new Uint8Array(elementCount(shape) * BYTES_PER_ELEMENT[spec.datatype]),
  );
}
