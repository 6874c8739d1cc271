/** Normalisation by constants: a factor and a term for each channel, which the convolution before it takes up. */
import { constantNumbers } from "./lower-quantisation.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { numberAttribute, type OnnxNode } from "./onnx-graph.ts";
import type { Lazy } from "./values.ts";

export function batchNormalization(lowering: Lowering, node: OnnxNode): Lazy {
  const value = lowering.input(node, 0);
  if (value.kind !== "lazy" || !value.affine)
    throw new Unsupported("it does not follow a convolution directly");
  const [gain, shift, mean, variance] = [1, 2, 3, 4].map((index) => constantNumbers(lowering, node, index));
  const epsilon = numberAttribute(node, "epsilon", 1e-5);
  const factor = gain!.map((g, i) => g / Math.sqrt(variance![i]! + epsilon));
  return value.affine(
    factor,
    factor.map((f, i) => shift![i]! - mean![i]! * f),
  );
}
