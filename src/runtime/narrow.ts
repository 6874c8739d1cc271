/** Compares a model's own tensors with what its manifest says of them. */
import type { TensorSpec } from "./tensor.ts";

/**
 * The model's own specs, where the one that the manifest describes takes the manifest's shape.
 * @throws {TypeError} when the model has no such tensor, or one that does not fit the description.
 */
export function narrowed(specs: readonly TensorSpec[], declared: TensorSpec): TensorSpec[] {
  const actual = specs.find((spec) => spec.name === declared.name);
  if (actual === undefined) {
    const names = specs.map((spec) => `"${spec.name}"`).join(", ");
    throw new TypeError(`the manifest names a tensor "${declared.name}", the model has ${names}`);
  }
  if (actual.datatype !== declared.datatype || !narrows(declared.shape, actual.shape)) {
    const [manifest, model] = [declared, actual].map(
      ({ datatype, shape }) => `${datatype} [${shape.join(",")}]`,
    );
    throw new TypeError(`tensor "${declared.name}" is ${manifest} in the manifest and ${model} in the model`);
  }
  const { name, datatype, shape } = declared;
  return specs.map((spec) => (spec === actual ? { name, datatype, shape } : spec));
}

function narrows(declared: readonly number[], actual: readonly number[]): boolean {
  return (
    declared.length === actual.length &&
    declared.every((size, axis) => actual[axis] === -1 || actual[axis] === size)
  );
}
