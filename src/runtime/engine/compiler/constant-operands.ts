/** Constant weights and biases of a node. */
import { type Lowering, Unsupported } from "./lowering.ts";
import type { OnnxNode } from "./onnx-graph.ts";
import { realNumbers, type Weights } from "./values.ts";

export function constantWeights(lowering: Lowering, node: OnnxNode, index: number): Weights {
  const value = lowering.input(node, index);
  if (value.kind !== "weights") throw new Unsupported("its weights are not quantised constants");
  if (!value.fitsSignedBytes)
    throw new Unsupported("its weights do not fit signed bytes after their zero point");
  return value;
}

export function biasOf(lowering: Lowering, node: OnnxNode, index: number): readonly number[] {
  if (!node.inputs[index]) return [];
  const value = lowering.input(node, index);
  if (value.kind !== "weights" && value.kind !== "constant")
    throw new Unsupported("its bias is not constant");
  return realNumbers(value);
}
