/** The real inference after which a model counts as ready. */
import { InferenceError } from "../runtime/errors.ts";
import { outputsOf } from "../runtime/manifest.ts";
import type { Session } from "../runtime/session.ts";
import { BYTES_PER_ELEMENT, elementCount, type TensorSpec } from "../runtime/tensor.ts";
import { shapeFits } from "../runtime/validate.ts";
import { batchSizes } from "./batch-sizes.ts";
import type { HostedModel } from "./model-store.ts";
import { isRowwise } from "./rows.ts";
import { tensorFromBytes } from "./tensor-data.ts";

/**
 * Runs a model once on zeros.
 * @param rows of the batch, where the model takes batches
 * @throws {InferenceError} when it fails or answers another shape than its manifest says.
 */
export async function prove({ manifest }: HostedModel, session: Session, rows = 1): Promise<void> {
  const inputs = Object.fromEntries(session.inputs.map((spec) => [spec.name, zeros(spec, rows)]));
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

/**
 * Runs a model on zeros in batches of 2, 4, … rows, up to `most`, so that no request pays for what a GPU does when it
 * first sees a shape: choosing kernels, compiling shaders, taking memory. A model without batches has one shape.
 * @param lanes times that each runs at once: once in every thread
 * @throws {InferenceError} as {@link prove}, such as for a batch that does not fit the device.
 */
export async function warmBatches(
  model: HostedModel,
  session: Session,
  { most, lanes }: { readonly most: number; readonly lanes: number },
): Promise<void> {
  if (!isRowwise(session)) return;
  for (const rows of batchSizes(most).slice(1)) {
    await Promise.all(Array.from({ length: lanes }, () => prove(model, session, rows)));
  }
}

function zeros(spec: TensorSpec, rows: number) {
  const shape = spec.shape.map((size, index) => (size === -1 ? (index === 0 ? rows : 1) : size));
  return tensorFromBytes(
    spec.datatype,
    shape,
    new Uint8Array(elementCount(shape) * BYTES_PER_ELEMENT[spec.datatype]),
  );
}
