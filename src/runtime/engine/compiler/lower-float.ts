/** What stays in floats: normalisations. */
import { LayerNorm, Op, UnitLength } from "../program/fields.ts";
import { constantNumbers } from "./lower-quantisation.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { listAttribute, numberAttribute, type OnnxGraph, type OnnxNode } from "./onnx-graph.ts";
import type { Floats } from "./values.ts";

function contiguousFloats(lowering: Lowering, node: OnnxNode): Floats {
  const input = lowering.floats(lowering.input(node, 0), node.name);
  if (input.rows > 1 && (input.stride !== input.count || input.channelsFirst)) {
    throw new Unsupported("its input's rows are not laid out one by one");
  }
  return input;
}

export function layerNormalization(lowering: Lowering, node: OnnxNode): Floats {
  const input = contiguousFloats(lowering, node);
  const axis = numberAttribute(node, "axis", -1);
  if (axis !== -1 && axis !== input.shape.length - 1) throw new Unsupported("only along the last axis");
  const gain = Float32Array.from(constantNumbers(lowering, node, 1));
  const bias = node.inputs[2]
    ? Float32Array.from(constantNumbers(lowering, node, 2))
    : new Float32Array(input.count);
  if (gain.length !== input.count) throw new Unsupported("its scale is no vector");
  return lowering.floatsOf({ ...input, stride: input.count }, (to) => {
    lowering.builder.emit(node.name, Op.LayerNorm, LayerNorm.Length, {
      [LayerNorm.Input]: input.buffer(),
      [LayerNorm.Rows]: input.rows,
      [LayerNorm.Count]: input.count,
      [LayerNorm.Gain]: lowering.builder.constant(gain),
      [LayerNorm.Bias]: lowering.builder.constant(bias),
      [LayerNorm.Epsilon]: { real: numberAttribute(node, "epsilon", 1e-5) },
      [LayerNorm.Output]: to,
    });
  });
}

function unitLength(lowering: Lowering, node: OnnxNode, input: Floats, smallest: number): Floats {
  return lowering.floatsOf({ ...input, stride: input.count }, (to) => {
    lowering.builder.emit(node.name, Op.UnitLength, UnitLength.Length, {
      [UnitLength.Input]: input.buffer(),
      [UnitLength.Rows]: input.rows,
      [UnitLength.Count]: input.count,
      [UnitLength.Smallest]: { real: smallest },
      [UnitLength.Output]: to,
    });
  });
}

export function lpNormalization(lowering: Lowering, node: OnnxNode): Floats {
  const axis = numberAttribute(node, "axis", -1);
  const input = contiguousFloats(lowering, node);
  const last = axis === -1 || axis === input.shape.length - 1;
  if (!last || numberAttribute(node, "p", 2) !== 2)
    throw new Unsupported("only the Euclidean norm of the last axis");
  return unitLength(lowering, node, input, 0);
}

/** A division by a norm: `x / Max(ReduceL2(x), smallest)`, the maximum (or a `Clip`) left out or not. */
export interface NormDivision {
  /** Nodes that the division swallows. */
  readonly inner: readonly OnnxNode[];
  readonly smallest: number;
}

/** Recognises a `Div` that makes vectors of unit length. */
export function normDivision(graph: OnnxGraph, node: OnnxNode): NormDivision | undefined {
  const producer = (name: string | undefined) =>
    graph.nodes.find(({ outputs }) => outputs.includes(name ?? ""));
  if (node.op !== "Div") return undefined;
  let norm = producer(node.inputs[1]);
  const inner: OnnxNode[] = [];
  let smallest = 0;
  while (norm && (norm.op === "Max" || norm.op === "Clip" || norm.op === "Expand")) {
    inner.push(norm);
    const bound = norm.op === "Expand" ? undefined : graph.initializers.get(norm.inputs[1] ?? "");
    if (bound) smallest = Math.max(smallest, Number(bound.data[0]));
    norm = producer(norm.inputs[0]);
  }
  if (norm?.op !== "ReduceL2" || norm.inputs[0] !== node.inputs[0]) return undefined;
  const axes = norm.inputs[1]
    ? Array.from(graph.initializers.get(norm.inputs[1])?.data ?? [], Number)
    : listAttribute(norm, "axes", []);
  if (axes.length !== 1) return undefined;
  return { inner: [...inner, norm], smallest };
}

export function divideByNorm(lowering: Lowering, node: OnnxNode, { smallest }: NormDivision): Floats {
  return unitLength(lowering, node, contiguousFloats(lowering, node), smallest);
}
