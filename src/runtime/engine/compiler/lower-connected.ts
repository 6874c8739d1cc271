/** Fully connected layers: on bytes as a matrix product, on floats as the model's last layer. */
import { Gemm, Linear, Op } from "../program/fields.ts";
import { linearWeight } from "../reference/packing.ts";
import { biasOf, constantWeights } from "./constant-operands.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { numberAttribute, type OnnxNode } from "./onnx-graph.ts";
import { productWords, type Sums } from "./product.ts";
import type { Buffer } from "./program-builder.ts";
import type { Quantisation } from "./quantisation.ts";
import type { Bytes, Floats, Lazy, Value } from "./values.ts";
import { CHANNEL_BLOCK, roundUp, rowsView } from "./view.ts";

/** `MatMul` and `Gemm` with constant weights. */
export function fullyConnected(lowering: Lowering, node: OnnxNode): Value {
  const weights = constantWeights(lowering, node, 1);
  const turned = node.op === "Gemm" && numberAttribute(node, "transB", 0) === 1;
  if (numberAttribute(node, "alpha", 1) !== 1 || numberAttribute(node, "transA", 0) !== 0) {
    throw new Unsupported("alpha and transA are not 1 and 0");
  }
  if (weights.shape.length !== 2) throw new Unsupported("its weights are no matrix");
  const [depth, columns] = (turned ? [...weights.shape].reverse() : weights.shape) as [number, number];
  if (weights.scale.length > 1 && weights.axis !== (turned ? 0 : 1)) {
    throw new Unsupported("its weights are quantised along the summed axis");
  }
  const weight = (column: number, k: number) =>
    k < depth ? weights.data[turned ? column * depth + k : k * columns + column]! : 0;
  const bias = node.op === "Gemm" ? biasOf(lowering, node, 2) : [];
  const input = lowering.input(node, 0);
  const layer = { columns, scale: weights.scale, bias, weight };
  if (input.kind === "bytes") return connectedBytes(lowering, node.name, input, { ...layer, depth });
  return connectedFloats(lowering, node.name, lowering.floats(input, node.name), depth, layer);
}

function connectedBytes(lowering: Lowering, name: string, input: Bytes, layer: Sums): Lazy {
  const { shape, strides, offset } = input.view;
  const last = shape.length - 1;
  const rows = shape.slice(0, last).reduce((product, size) => product * size, 1);
  const stride = rows === 1 ? roundUp(layer.depth, CHANNEL_BLOCK) : strides[last - 1]!;
  if (strides[last] !== 1 || stride % 8 !== 0)
    throw new Unsupported("its input's rows are not laid out one by one");
  const depth = roundUp(layer.depth, 8);
  const padded = roundUp(layer.columns, CHANNEL_BLOCK);
  const outputShape = [...shape.slice(0, last), layer.columns];
  const macs = rows * layer.depth * layer.columns;
  const make = (bias: ArrayLike<number>): Lazy => {
    const emit = (to: Buffer, output: Quantisation | undefined) => {
      const sums = { ...layer, depth, bias };
      const words = {
        ...productWords(lowering.builder, sums, rows, input.quantisation, output),
        [Gemm.Input]: { buffer: input.buffer(), offset },
        [Gemm.InputStride]: stride,
        [Gemm.Output]: to,
      };
      lowering.builder.emit(name, Op.Gemm, Gemm.Length, words, macs);
    };
    return {
      kind: "lazy",
      shape: outputShape,
      toBytes: (output) =>
        lowering.bytesOf(rowsView(outputShape, padded), rows * padded, output, (to) => emit(to, output)),
      toFloats: () => {
        const spec = { shape: outputShape, rows, count: layer.columns, stride: padded, channelsFirst: false };
        return lowering.floatsOf(spec, (to) => emit(to, undefined));
      },
      affine: (factor, term) => {
        if (factor.some((value) => value !== 1)) throw new Unsupported("a fully connected layer is scaled");
        return make(Array.from({ length: layer.columns }, (_, i) => (bias[i] ?? 0) + term[i]!));
      },
    };
  };
  return make(layer.bias);
}

function connectedFloats(
  lowering: Lowering,
  name: string,
  input: Floats,
  depth: number,
  { columns, scale, bias, weight }: Omit<Sums, "depth">,
): Floats {
  if (input.count !== depth || (input.rows > 1 && input.stride !== depth)) {
    throw new Unsupported("its input's rows are not laid out one by one");
  }
  const padded = roundUp(columns, CHANNEL_BLOCK);
  const packed = new Int8Array(padded * depth);
  for (let column = 0; column < columns; column++) {
    for (let k = 0; k < depth; k++) packed[linearWeight(column, k, depth)] = weight(column, k);
  }
  const factors = Float32Array.from({ length: padded }, (_, i) =>
    scale.length === 1 ? scale[0]! : (scale[i] ?? 0),
  );
  const terms = Float32Array.from({ length: padded }, (_, i) => bias[i] ?? 0);
  const shape = [...input.shape.slice(0, -1), columns];
  const spec = { shape, rows: input.rows, count: columns, stride: padded, channelsFirst: false };
  return lowering.floatsOf(spec, (to) => {
    const words = {
      [Linear.Input]: input.buffer(),
      [Linear.Rows]: input.rows,
      [Linear.Depth]: depth,
      [Linear.Columns]: padded,
      [Linear.Weights]: lowering.builder.constant(packed),
      [Linear.Scale]: lowering.builder.constant(factors),
      [Linear.Bias]: lowering.builder.constant(terms),
      [Linear.Output]: to,
    };
    lowering.builder.emit(name, Op.Linear, Linear.Length, words, input.rows * depth * columns);
  });
}
