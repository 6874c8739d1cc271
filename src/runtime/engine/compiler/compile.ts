/**
 * From a quantised ONNX model to a plan. The model's nodes are visited once, in order: each value's name is bound to
 * what it stands for (`values.ts`), and instructions are emitted when a result is needed in memory.
 */
import { type PlanTensor, writePlan } from "../plan.ts";
import { folded } from "./fold.ts";
import { batchNormalization } from "./lower-affine.ts";
import { matrixProduct, softmax } from "./lower-attention.ts";
import { concat } from "./lower-concat.ts";
import { convolution } from "./lower-convolution.ts";
import { activation, addOrSubtract, clamp, multiply, TABLE_OPERATORS } from "./lower-elementwise.ts";
import {
  divideByNorm,
  layerNormalization,
  lpNormalization,
  type NormDivision,
  normDivision,
} from "./lower-float.ts";
import { flatten, gather, reshape, slice, split, squeeze, transpose, unsqueeze } from "./lower-layout.ts";
import { averagePool, maxPool, resize } from "./lower-pool.ts";
import { clipBytes, dequantizeLinear, quantizeLinear } from "./lower-quantisation.ts";
import { Lowering, type Refusal, Unsupported } from "./lowering.ts";
import { readOnnx } from "./onnx-file.ts";
import type { OnnxGraph, OnnxNode, OnnxValue } from "./onnx-graph.ts";
import type { Buffer } from "./program-builder.ts";
import type { Value } from "./values.ts";
import { rowsView } from "./view.ts";

export type { Refusal } from "./lowering.ts";

/** The plan, or every node that has none with the reason. */
export type Compilation = { readonly plan: Uint8Array } | { readonly unsupported: readonly Refusal[] };

type Lower = (lowering: Lowering, node: OnnxNode, graph: OnnxGraph) => Value | Value[];

const same: Lower = (lowering, node) => lowering.input(node, 0);

const OPERATORS: Readonly<Record<string, Lower>> = {
  ...Object.fromEntries([...TABLE_OPERATORS].map((op) => [op, activation])),
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  Conv: convolution,
  BatchNormalization: batchNormalization,
  MatMul: matrixProduct,
  Gemm: matrixProduct,
  Relu: clamp,
  Clip: (lowering, node, graph) =>
    clipsBytes(lowering, node) ? clipBytes(lowering, node, graph) : clamp(lowering, node),
  Add: addOrSubtract,
  Sub: addOrSubtract,
  Mul: multiply,
  Div: multiply,
  Pow: multiply,
  GlobalAveragePool: averagePool,
  AveragePool: averagePool,
  ReduceMean: averagePool,
  MaxPool: maxPool,
  Resize: resize,
  Concat: concat,
  Softmax: softmax,
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Gather: gather,
  Slice: slice,
  Split: split,
  Identity: same,
  Dropout: same,
};

/** A clip of bytes that `QuantizeLinear` made; one of real numbers follows any other operator. */
function clipsBytes(lowering: Lowering, node: OnnxNode): boolean {
  return lowering.rounded.has(node.inputs[0] ?? "");
}

/**
 * Compiles a model in QDQ form (see docs/engine.md for what that must provide).
 * @throws {SyntaxError} when the bytes are no ONNX model.
 */
export function compile(onnxBytes: Uint8Array): Compilation {
  const graph = readOnnx(onnxBytes);
  const lowering = new Lowering(graph);
  const unsupported: Refusal[] = [];
  const attempt = (node: { readonly name: string; readonly op: string }, lower: () => void) => {
    try {
      lower();
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      unsupported.push({ node: node.name, op: node.op, reason: error.message });
    }
  };

  for (const [name, tensor] of graph.initializers) {
    const data = tensor.data instanceof BigInt64Array ? Array.from(tensor.data, Number) : tensor.data;
    lowering.values.set(name, { kind: "constant", shape: tensor.shape, data });
  }
  const inputs: [OnnxValue, Buffer][] = [];
  for (const value of graph.inputs) {
    attempt({ name: value.name, op: "input" }, () => inputs.push([value, bindInput(lowering, value)]));
  }
  const divisions = new Map<OnnxNode, NormDivision>();
  for (const node of graph.nodes) {
    const division = normDivision(graph, node);
    if (division) divisions.set(node, division);
  }
  const swallowed = new Set([...divisions.values()].flatMap(({ inner }) => inner));
  for (const node of graph.nodes) {
    if (swallowed.has(node)) continue;
    attempt(node, () => {
      const constant = folded(lowering, node);
      if (constant) {
        lowering.values.set(node.outputs[0]!, constant);
        return;
      }
      const division = divisions.get(node);
      const lower = OPERATORS[node.op];
      if (!lower && !division) throw new Unsupported("the engine has no such operator");
      const result = division ? divideByNorm(lowering, node, division) : lower!(lowering, node, graph);
      const results = Array.isArray(result) ? result : [result];
      for (const [index, value] of results.entries()) lowering.values.set(node.outputs[index]!, value);
      if (node.op === "QuantizeLinear" || (node.op === "Clip" && clipsBytes(lowering, node))) {
        lowering.rounded.add(node.outputs[0]!);
      }
    });
  }
  const outputs: [Omit<PlanTensor, "address">, Buffer][] = [];
  for (const value of graph.outputs) {
    attempt({ name: value.name, op: "output" }, () => outputs.push(bindOutput(lowering, value)));
  }
  if (unsupported.length > 0) return { unsupported: rootCauses(unsupported) };

  const { image, addressOf, header } = lowering.builder.build();
  const described = {
    inputs: inputs.map(([value, buffer]) => describeInput(value, addressOf(buffer))),
    outputs: outputs.map(([tensor, buffer]) => ({ ...tensor, address: addressOf(buffer) })),
  };
  return { plan: writePlan({ ...header, ...described }, image) };
}

/** Refusals that only follow from others are left out. */
function rootCauses(refusals: readonly Refusal[]): readonly Refusal[] {
  const own = refusals.filter(({ reason }) => !reason.endsWith("is not available"));
  return own.length > 0 ? own : refusals;
}

/** Element type of ONNX. */
const UINT8 = 2;

function fixed(shape: readonly number[]): number[] {
  const [batch, ...rest] = shape;
  if (rest.includes(-1)) throw new Unsupported("only its first dimension may be free");
  if (batch !== 1 && batch !== -1) throw new Unsupported("its batch is neither 1 nor free");
  return [1, ...rest];
}

function bindInput(lowering: Lowering, { name, shape, type }: OnnxValue): Buffer {
  if (type !== UINT8)
    throw new Unsupported("it is not UINT8: begin the model with uint8 pixels and DequantizeLinear");
  const sizes = fixed(shape);
  const size = sizes.reduce((product, length) => product * length, 1);
  const buffer = lowering.builder.tensor(size);
  lowering.builder.input(buffer);
  const view = rowsView(sizes, sizes.at(-1)!);
  const quantisation = { scale: 1, zero: 0, low: 0, high: 255 };
  lowering.values.set(name, { kind: "bytes", view, quantisation, size, buffer: () => buffer });
  return buffer;
}

function describeInput({ name, shape }: OnnxValue, address: number): PlanTensor {
  const count = shape.slice(1).reduce((product, length) => product * length, 1);
  return {
    name,
    datatype: "UINT8",
    shape: [...shape],
    address,
    rows: 1,
    count,
    stride: count,
    channelsFirst: false,
  };
}

function bindOutput(lowering: Lowering, { name, shape }: OnnxValue): [Omit<PlanTensor, "address">, Buffer] {
  const value = lowering.values.get(name);
  if (!value) throw new Unsupported(`"${name}" is not available`);
  const { shape: own, rows, count, stride, channelsFirst, buffer } = lowering.floats(value, name);
  lowering.builder.output(buffer());
  const first = shape[0] === -1 ? -1 : own[0]!;
  const described = { name, datatype: "FP32" as const, shape: [first, ...own.slice(1)], rows, count, stride };
  return [{ ...described, channelsFirst: channelsFirst && rows > 1 }, buffer()];
}
