/** Made-up inputs, to see whether a model runs. */
import type { TensorDeclaration } from "./manifest-common.ts";
import { elementCount, type Tensor } from "./tensor.ts";

/** What a dimension that is free gets. */
const FREE_LENGTH = 8;

/** Whole numbers stay below this: they name rows of tables (tokens, hashes), and every table has as many. */
const MOST_ROWS = 64;

/** @returns a batch of one that fits the declaration; another seed makes other numbers */
export function exampleTensor({ name, datatype, shape: declared }: TensorDeclaration, seed: number): Tensor {
  const shape = [1, ...declared.slice(1).map((size) => (size === -1 ? FREE_LENGTH : size))];
  const length = elementCount(shape);
  if (datatype === "FP32") {
    const data = Float32Array.from({ length }, (_, index) => Math.sin(seed * (index + 1)));
    return { datatype, shape, data };
  }
  if (datatype === "INT32") {
    const data = Int32Array.from({ length }, (_, index) => 1 + ((seed * (index + 3)) % (MOST_ROWS - 1)));
    return { datatype, shape, data };
  }
  throw new RangeError(`no example of ${datatype} for "${name}"`);
}
