/** `QuantizeLinear`, `DequantizeLinear`, and the clips of bytes between them. */

import { clamp, nearestEven } from "../reference/rounding.ts";
import { TABLE_OPERATORS } from "./lower-elementwise.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { numberAttribute, type OnnxGraph, type OnnxNode, type OnnxTensor } from "./onnx-graph.ts";
import { type Quantisation, sameSteps, sevenBits } from "./quantisation.ts";
import { type Bytes, type Constant, realNumbers, type Value, type Weights } from "./values.ts";

/** Signed quantised tensors are stored with this added to every byte. */
const SIGNED_OFFSET = 128;

/** Operators besides tables that do not multiply bytes by weights: for them, 8 bits cost nothing. */
const TAKE_EIGHT_BITS = new Set([
  ...["Add", "Sub", "Mul", "Clip", "Relu", "LayerNormalization", "Softmax"],
  ...["GlobalAveragePool", "AveragePool", "ReduceMean"],
]);

export function quantizeLinear(lowering: Lowering, node: OnnxNode, graph: OnnxGraph): Value {
  const value = lowering.input(node, 0);
  if (value.kind === "weights" || value.kind === "constant") return quantisedConstant(node, value, graph);
  const quantisation = parametersOf(node, graph);
  const bytes = lowering.quantised(value, quantisation, node.name);
  // What was rounded may have to be rounded in another way, once it is known who reads it.
  return value.kind === "lazy" ? { ...bytes, origin: value } : bytes;
}

/** A constant that the graph quantises itself; its `DequantizeLinear` passes it on. */
function quantisedConstant(node: OnnxNode, value: Weights | Constant, graph: OnnxGraph): Weights {
  const scale = Array.from(graph.initializers.get(node.inputs[1]!)?.data ?? [], Number);
  const zeros = graph.initializers.get(node.inputs[2] ?? "");
  const numbers = realNumbers(value);
  if (scale.length !== 1) throw new Unsupported("it quantises a constant along an axis");
  const [low, high] = zeros?.data instanceof Int8Array ? [-128, 127] : [0, 255];
  const zero = Number(zeros?.data[0] ?? 0);
  const data = numbers.map((real) => clamp(nearestEven(real / scale[0]!) + zero, low, high) - zero);
  return {
    kind: "weights",
    shape: value.shape,
    data,
    scale,
    axis: 0,
    fitsSignedBytes: fitsSignedBytes(data),
  };
}

const fitsSignedBytes = (data: Int32Array | number[]) => data.every((item) => item >= -128 && item <= 127);

function parametersOf(node: OnnxNode, graph: OnnxGraph): Quantisation {
  const scale = graph.initializers.get(node.inputs[1]!);
  const zero = node.inputs[2] ? graph.initializers.get(node.inputs[2]) : undefined;
  if (scale?.data.length !== 1) throw new Unsupported("its scale is no single constant");
  const signed = zero?.data instanceof Int8Array;
  return {
    scale: Number(scale.data[0]),
    zero: Number(zero?.data[0] ?? 0) + (signed ? SIGNED_OFFSET : 0),
    low: 0,
    high: 255,
  };
}

/** `Clip` of quantised bytes: the range that occurs becomes smaller. */
export function clipBytes(lowering: Lowering, node: OnnxNode, graph: OnnxGraph): Bytes {
  const bytes = lowering.bytes(node, 0);
  const bound = (index: number, otherwise: number) => {
    const tensor = node.inputs[index] ? graph.initializers.get(node.inputs[index]) : undefined;
    if (!tensor) return otherwise;
    return Number(tensor.data[0]) + (tensor.data instanceof Int8Array ? SIGNED_OFFSET : 0);
  };
  const { quantisation } = bytes;
  const low = Math.max(quantisation.low, bound(1, 0));
  const high = Math.min(quantisation.high, bound(2, 255));
  return requantised(lowering, bytes, { ...quantisation, low, high }, node.name);
}

function requantised(lowering: Lowering, bytes: Bytes, quantisation: Quantisation, name: string): Bytes {
  return bytes.origin
    ? { ...bytes.origin.toBytes(quantisation), origin: bytes.origin }
    : lowering.quantised(bytes, quantisation, name);
}

export function dequantizeLinear(lowering: Lowering, node: OnnxNode, graph: OnnxGraph): Value {
  const tensor = graph.initializers.get(node.inputs[0]!);
  if (tensor) return dequantisedConstant(node, tensor, graph);
  const constant = lowering.input(node, 0);
  if (constant.kind === "weights") return constant;
  const bytes = lowering.bytes(node, 0);
  const declared = parametersOf(node, graph);
  if (bytes.declared && sameSteps(bytes.declared, declared)) return bytes;
  const quantisation = { ...declared, low: bytes.quantisation.low, high: bytes.quantisation.high };
  const typed: Bytes = { ...bytes, quantisation };
  if (quantisation.high <= 127 || !bytes.origin) return typed;
  const readers = lowering.consumers(node.outputs[0]!);
  if (readers.every(({ op }) => TABLE_OPERATORS.has(op) || TAKE_EIGHT_BITS.has(op))) return typed;
  return { ...requantised(lowering, bytes, sevenBits(quantisation), node.name), declared: quantisation };
}

function dequantisedConstant(node: OnnxNode, tensor: OnnxTensor, graph: OnnxGraph): Weights {
  const scale = graph.initializers.get(node.inputs[1]!);
  const zero = node.inputs[2] ? graph.initializers.get(node.inputs[2]) : undefined;
  if (!scale) throw new Unsupported("its scale is not constant");
  const axis = numberAttribute(node, "axis", 1);
  const along = axis < 0 ? axis + tensor.shape.length : axis;
  const inner = tensor.shape.slice(along + 1).reduce((product, size) => product * size, 1);
  const zeros = Array.from(zero?.data ?? [0], Number);
  const data = Int32Array.from(tensor.data as ArrayLike<number>);
  if (zeros.some((value) => value !== 0)) {
    for (let i = 0; i < data.length; i++) {
      data[i]! -= zeros.length === 1 ? zeros[0]! : zeros[Math.floor(i / inner) % tensor.shape[along]!]!;
    }
  }
  return {
    kind: "weights",
    shape: tensor.shape,
    data,
    scale: Float64Array.from(scale.data as ArrayLike<number>),
    axis: along,
    fitsSignedBytes: fitsSignedBytes(data),
  };
}

/** Real numbers of a constant input. */
export function constantNumbers(lowering: Lowering, node: OnnxNode, index: number): number[] {
  const value = lowering.input(node, index);
  if (value.kind !== "weights" && value.kind !== "constant")
    throw new Unsupported("an input is not constant");
  return realNumbers(value);
}
