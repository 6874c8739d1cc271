/** Compares tensors with what a model expects, before an engine sees them. */
import { InvalidTensorError } from "./errors.ts";
import {
  BYTES_PER_ELEMENT,
  elementCount,
  type NumericTensors,
  type Tensor,
  type TensorSpec,
  type Tensors,
} from "./tensor.ts";

/**
 * Checks that `inputs` holds exactly the tensors in `specs`, each of its data type, shape and length.
 * @throws {InvalidTensorError} naming the first tensor that differs.
 */
export function assertInputs(
  specs: readonly TensorSpec[],
  inputs: Tensors,
): asserts inputs is NumericTensors {
  for (const spec of specs) {
    const tensor = Object.hasOwn(inputs, spec.name) ? inputs[spec.name] : undefined;
    if (tensor === undefined) throw new InvalidTensorError(spec.name, describe(spec), "nothing");
    assertTensor(spec, tensor);
  }
  const known = new Set(specs.map((spec) => spec.name));
  for (const name of Object.keys(inputs)) {
    if (!known.has(name)) throw new InvalidTensorError(name, `one of ${list(known)}`, "an unknown name");
  }
}

/** @throws {InvalidTensorError} when `names` asks for an output that the model does not have. */
export function assertOutputs(specs: readonly Pick<TensorSpec, "name">[], names: readonly string[]): void {
  const known = new Set(specs.map((spec) => spec.name));
  for (const name of names) {
    if (!known.has(name)) throw new InvalidTensorError(name, `one of ${list(known)}`, "an unknown output");
  }
}

function assertTensor(spec: TensorSpec, tensor: Tensor): void {
  if (
    tensor.datatype === "BYTES" ||
    tensor.datatype !== spec.datatype ||
    !shapeFits(spec.shape, tensor.shape)
  ) {
    throw new InvalidTensorError(spec.name, describe(spec), describe(tensor));
  }
  const bytes = elementCount(tensor.shape) * BYTES_PER_ELEMENT[tensor.datatype];
  if (tensor.data.byteLength !== bytes) {
    throw new InvalidTensorError(spec.name, `${bytes} bytes`, `${tensor.data.byteLength} bytes`);
  }
}

/** Whether a concrete shape is one that `expected` allows; free dimensions (-1) take any length from 1. */
export function shapeFits(expected: readonly number[], shape: readonly number[]): boolean {
  return (
    shape.length === expected.length &&
    shape.every(
      (size, axis) => Number.isSafeInteger(size) && size > 0 && [size, -1].includes(expected[axis]!),
    )
  );
}

function describe(tensor: { datatype: string; shape: readonly number[] }): string {
  return `${tensor.datatype} [${tensor.shape.join(",")}]`;
}

function list(names: Iterable<string>): string {
  return [...names].map((name) => `"${name}"`).join(", ");
}
