/** Products of two computed tensors, and softmax between them. */
import { Gemm, Op, PackActivations, Softmax, Store } from "../program/fields.ts";
import { fullyConnected } from "./lower-connected.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { numberAttribute, type OnnxNode } from "./onnx-graph.ts";
import type { Buffer } from "./program-builder.ts";
import { type Quantisation, sevenBits } from "./quantisation.ts";
import type { Bytes, Floats, Lazy, Value } from "./values.ts";
import { CHANNEL_BLOCK, roundUp, type View } from "./view.ts";

/** `MatMul` and `Gemm`. */
export function matrixProduct(lowering: Lowering, node: OnnxNode): Value {
  const second = lowering.input(node, 1);
  if (second.kind !== "bytes") return fullyConnected(lowering, node);
  return attentionProduct(lowering, node, lowering.bytes(node, 0), second);
}

/** [1, heads, rows, depth] · [1, heads, depth, columns] */
function attentionProduct(lowering: Lowering, node: OnnxNode, a: Bytes, b: Bytes): Lazy {
  const [batch = 1, rows, depth, columns] = [
    a.view.shape[1],
    a.view.shape[2],
    a.view.shape[3],
    b.view.shape[3],
  ];
  if (a.view.shape.length !== 4 || rows === undefined || depth === undefined || columns === undefined) {
    throw new Unsupported("products of two tensors run only on [1, heads, rows, columns]");
  }
  if (a.view.strides[3] !== 1 || a.view.strides[2]! % 8 !== 0)
    throw new Unsupported("its first input's rows are apart");
  const paddedDepth = roundUp(depth, 8);
  if (paddedDepth > a.view.strides[2]! || (paddedDepth !== depth && !paddedWithZeros(a))) {
    throw new Unsupported(`a sum over ${depth} products is no multiple of 8`);
  }
  if (Math.max(a.quantisation.high, b.quantisation.high) > 127)
    throw new Unsupported("activations of 8 bits");
  const paddedColumns = roundUp(columns, CHANNEL_BLOCK);
  const emit = (to: Buffer, output: Quantisation | undefined, strides: { row: number; batch: number }) => {
    const weights = lowering.builder.tensor(batch * paddedDepth * paddedColumns);
    const bias = lowering.builder.tensor(4 * batch * paddedColumns);
    const factor = (a.quantisation.scale * b.quantisation.scale) / (output?.scale ?? 1);
    lowering.builder.emit(`${node.name} (pack)`, Op.PackActivations, PackActivations.Length, {
      [PackActivations.Input]: { buffer: b.buffer(), offset: b.view.offset },
      [PackActivations.DepthStride]: b.view.strides[2]!,
      [PackActivations.ColumnStride]: b.view.strides[3]!,
      [PackActivations.Depth]: depth,
      [PackActivations.Columns]: columns,
      [PackActivations.Zero]: b.quantisation.zero,
      [PackActivations.OtherZero]: a.quantisation.zero,
      [PackActivations.Weights]: weights,
      [PackActivations.Bias]: bias,
      [PackActivations.Batch]: batch,
      [PackActivations.InputStep]: b.view.strides[1]!,
      [PackActivations.WeightsStep]: paddedDepth * paddedColumns,
      [PackActivations.BiasStep]: 4 * paddedColumns,
    });
    lowering.builder.emit(
      node.name,
      Op.Gemm,
      Gemm.Length,
      {
        [Gemm.Input]: { buffer: a.buffer(), offset: a.view.offset },
        [Gemm.InputStride]: a.view.strides[2]!,
        [Gemm.Rows]: rows,
        [Gemm.Depth]: paddedDepth,
        [Gemm.Columns]: output ? roundUp(columns, 8) : paddedColumns,
        [Gemm.Weights]: weights,
        [Gemm.Bias]: bias,
        [Gemm.Scale]: lowering.builder.constant(new Float32Array(paddedColumns).fill(factor)),
        [Gemm.Output]: to,
        [Gemm.OutputStride]: strides.row,
        [Gemm.Zero]: output?.zero ?? 0,
        [Gemm.Low]: output?.low ?? 0,
        [Gemm.High]: output?.high ?? 0,
        [Gemm.Store]: output ? Store.Byte : Store.Float,
        [Gemm.Batch]: batch,
        [Gemm.InputStep]: a.view.strides[1]!,
        [Gemm.WeightsStep]: paddedDepth * paddedColumns,
        [Gemm.BiasStep]: 4 * paddedColumns,
        [Gemm.OutputStep]: strides.batch,
      },
      batch * rows * depth * columns,
    );
  };
  const shape = [1, batch, rows, columns];
  return {
    kind: "lazy",
    shape,
    // Heads side by side in each row: that is how the projection after attention reads them.
    toBytes: (output) => {
      const together = columns % 8 === 0;
      const row = together ? roundUp(batch * columns, CHANNEL_BLOCK) : paddedColumns;
      const step = together ? columns : rows * row;
      const view: View = { shape, strides: [batch * rows * row, step, row, 1], offset: 0 };
      const size = together ? rows * row : batch * rows * row;
      return lowering.bytesOf(view, size, output, (to) => emit(to, output, { row, batch: step }));
    },
    toFloats: () => {
      const spec = { shape, rows: batch * rows, count: columns, stride: paddedColumns, channelsFirst: false };
      return lowering.floatsOf(spec, (to) =>
        emit(to, undefined, { row: 4 * paddedColumns, batch: 4 * rows * paddedColumns }),
      );
    },
  };
}

/** Whether the bytes behind each row up to its stride are zero: softmax writes them so. */
const paddedWithZeros = (bytes: Bytes): boolean => zeroPadded.has(bytes.buffer);
const zeroPadded = new WeakSet<Bytes["buffer"]>();

/** Along the last axis, from real numbers to bytes. */
export function softmax(lowering: Lowering, node: OnnxNode): Lazy {
  const axis = numberAttribute(node, "axis", -1);
  const value = lowering.input(node, 0);
  // Logits that the graph rounds are taken before that.
  const input = lowering.floats((value.kind === "bytes" && value.origin) || value, node.name);
  if ((axis !== -1 && axis !== input.shape.length - 1) || input.channelsFirst) {
    throw new Unsupported("only along the last axis");
  }
  if (input.stride % CHANNEL_BLOCK !== 0)
    throw new Unsupported(`rows of ${input.count} floats are not padded`);
  return {
    kind: "lazy",
    shape: input.shape,
    toBytes: (wanted) => {
      const output = sevenBits(wanted);
      if (output.zero !== 0) throw new Unsupported("its zero point is not 0");
      const { stride, rows, shape } = input;
      const strides = shape.map((_, i) =>
        i === shape.length - 1
          ? 1
          : stride * shape.slice(i + 1, -1).reduce((product, size) => product * size, 1),
      );
      const bytes = lowering.bytesOf({ shape, strides, offset: 0 }, rows * stride, output, (to) =>
        emitSoftmax(lowering, node, input, output, to),
      );
      zeroPadded.add(bytes.buffer);
      return bytes;
    },
    toFloats: () => {
      throw new Unsupported("its result is needed as floats: quantise it");
    },
  };
}

function emitSoftmax(
  lowering: Lowering,
  node: OnnxNode,
  input: Floats,
  output: Quantisation,
  to: Buffer,
): void {
  lowering.builder.emit(node.name, Op.Softmax, Softmax.Length, {
    [Softmax.Input]: input.buffer(),
    [Softmax.InputStride]: 4 * input.stride,
    [Softmax.Rows]: input.rows,
    [Softmax.Count]: input.count,
    [Softmax.Output]: to,
    [Softmax.OutputStride]: input.stride,
    [Softmax.Scale]: { real: 1 / output.scale },
    [Softmax.High]: output.high,
  });
}
