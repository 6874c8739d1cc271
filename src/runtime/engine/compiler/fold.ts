/** Nodes whose inputs are constants: small sums about shapes, mostly. */
import { type Lowering, Unsupported } from "./lowering.ts";
import { listAttribute, numberAttribute, type OnnxNode } from "./onnx-graph.ts";
import type { Constant, Value } from "./values.ts";

type Fold = (inputs: readonly Constant[], node: OnnxNode) => Constant | undefined;

const vector = (data: readonly number[]): Constant => ({ kind: "constant", shape: [data.length], data });

const FOLDS: Readonly<Record<string, Fold>> = {
  Concat: (inputs) =>
    inputs.every(({ shape }) => shape.length === 1)
      ? vector(inputs.flatMap(({ data }) => Array.from(data)))
      : undefined,
  Gather: ([data, indices], node) =>
    data!.shape.length === 1 && numberAttribute(node, "axis", 0) === 0
      ? {
          kind: "constant",
          shape: indices!.shape,
          data: Array.from(
            indices!.data,
            (index) => data!.data[index < 0 ? index + data!.data.length : index]!,
          ),
        }
      : undefined,
  Slice: ([data, starts, ends, , steps]) =>
    data!.shape.length === 1 && (steps?.data[0] ?? 1) === 1
      ? vector(Array.from(data!.data).slice(starts!.data[0], ends!.data[0]))
      : undefined,
  Unsqueeze: ([data]) => (data!.data.length === 1 ? vector([data!.data[0]!]) : undefined),
  Squeeze: ([data]) =>
    data!.data.length === 1 ? { kind: "constant", shape: [], data: data!.data } : undefined,
  Cast: ([data]) => data,
  Identity: ([data]) => data,
  Sqrt: ([data]) => ({ ...data!, data: Array.from(data!.data, Math.sqrt) }),
  Transpose: ([data], node) => {
    const order = listAttribute(node, "perm", []);
    if (data!.shape.length !== 2 || order[0] !== 1) return undefined;
    const [rows, columns] = data!.shape as [number, number];
    const turned = Array.from(
      { length: rows * columns },
      (_, i) => data!.data[(i % rows) * columns + Math.floor(i / rows)]!,
    );
    return { kind: "constant", shape: [columns, rows], data: turned };
  },
};

/** The node's result, if it is a constant. */
export function folded(lowering: Lowering, node: OnnxNode): Constant | undefined {
  if (node.op === "Shape") return shapeOf(lowering.input(node, 0));
  const fold = FOLDS[node.op];
  if (!fold) return undefined;
  const inputs = node.inputs.map((name) => lowering.values.get(name));
  if (!inputs.every((value): value is Constant => value?.kind === "constant")) return undefined;
  return fold(inputs, node);
}

function shapeOf(value: Value): Constant {
  if (value.kind === "weights") throw new Unsupported("the shape of a quantised constant");
  return vector([...(value.kind === "bytes" ? value.view.shape : value.shape)]);
}
