/** Convolutions: dense ones as matrix products, and depthwise ones. */
import { Convolution, Depthwise, Gemm, Op } from "../program/fields.ts";
import { depthwiseTap, depthwiseWeight } from "../reference/packing.ts";
import { biasOf, constantWeights } from "./constant-operands.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { listAttribute, numberAttribute, type OnnxNode, stringAttribute } from "./onnx-graph.ts";
import { productWords, type Sums, sumConstants } from "./product.ts";
import type { Buffer } from "./program-builder.ts";
import { clampedTo, type Quantisation } from "./quantisation.ts";
import type { Bytes, Lazy, Weights } from "./values.ts";
import { asPicture, CHANNEL_BLOCK, pictureView, roundUp } from "./view.ts";

export function convolution(lowering: Lowering, node: OnnxNode): Lazy {
  const input = lowering.bytes(node, 0);
  const weights = constantWeights(lowering, node, 1);
  const bias = biasOf(lowering, node, 2);
  const picture = asPicture(input.view);
  if (!picture || input.view.shape.length !== 4)
    throw new Unsupported("its input is not laid out as a picture");
  const [outputs, perGroup, kernelHeight, kernelWidth] = weights.shape;
  if (kernelWidth === undefined) throw new Unsupported("only two-dimensional convolutions run");
  const window = windowOf(node, picture, kernelHeight!, kernelWidth);
  const group = numberAttribute(node, "group", 1);
  const layer = {
    ...window,
    input,
    weights,
    bias,
    outputs: outputs!,
    perGroup: perGroup!,
    pixel: picture.pixel,
  };
  if (group === 1) return dense(lowering, node.name, layer);
  if (group === picture.channels && outputs === group) return depthwise(lowering, node.name, layer);
  throw new Unsupported(`${group} groups of ${perGroup} channels: only 1 group or depthwise`);
}

interface WindowShape {
  readonly height: number;
  readonly width: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
}

/** @throws {Unsupported} when strides or dilations differ along height and width. */
export function windowOf(
  node: OnnxNode,
  { height, width }: { readonly height: number; readonly width: number },
  kernelHeight: number,
  kernelWidth: number,
): WindowShape {
  const [stride = 1, strideX = stride] = listAttribute(node, "strides", [1, 1]);
  const [dilation = 1, dilationX = dilation] = listAttribute(node, "dilations", [1, 1]);
  if (stride !== strideX || dilation !== dilationX)
    throw new Unsupported("its strides differ along the two axes");
  const spans = [(kernelHeight - 1) * dilation + 1, (kernelWidth - 1) * dilation + 1] as const;
  const automatic = stringAttribute(node, "auto_pad", "NOTSET");
  let pads = listAttribute(node, "pads", [0, 0, 0, 0]);
  if (automatic.startsWith("SAME")) {
    const total = [height, width].map((size, axis) =>
      Math.max(0, (Math.ceil(size / stride) - 1) * stride + spans[axis]! - size),
    );
    const before = total.map((pad) => (automatic === "SAME_UPPER" ? pad >> 1 : (pad + 1) >> 1));
    pads = [...before, ...total.map((pad, axis) => pad - before[axis]!)];
  }
  const [padTop = 0, padLeft = 0, padBottom = 0, padRight = 0] = pads;
  return {
    ...{ height, width, kernelHeight, kernelWidth, stride, dilation, padTop, padLeft },
    outputHeight: Math.floor((height + padTop + padBottom - spans[0]) / stride) + 1,
    outputWidth: Math.floor((width + padLeft + padRight - spans[1]) / stride) + 1,
  };
}

interface Layer extends WindowShape {
  readonly input: Bytes;
  readonly weights: Weights;
  readonly bias: ArrayLike<number>;
  readonly outputs: number;
  readonly perGroup: number;
  /** Bytes from one input pixel to the next. */
  readonly pixel: number;
}

function dense(lowering: Lowering, name: string, layer: Layer): Lazy {
  const { input, weights, pixel, kernelHeight, kernelWidth, perGroup } = layer;
  const taps = kernelHeight * kernelWidth;
  const full = input.quantisation.high > 127;
  const pointwise =
    taps === 1 && layer.stride === 1 && layer.padTop === 0 && layer.padLeft === 0 && pixel % 8 === 0;
  if (!full && pixel % CHANNEL_BLOCK !== 0) throw new Unsupported(`pixels of ${pixel} bytes are not padded`);
  // A pointwise convolution need not read the padding behind a pixel's channels.
  const depth = roundUp(pointwise ? perGroup : taps * pixel, 8);
  const rows = layer.outputHeight * layer.outputWidth;
  const sums: Sums = {
    columns: layer.outputs,
    depth,
    scale: weights.scale,
    bias: layer.bias,
    weight: (column, k) => {
      const [tap, channel] = [Math.floor(k / pixel), k % pixel];
      return tap < taps && channel < perGroup ? weights.data[(column * perGroup + channel) * taps + tap]! : 0;
    },
  };
  const macs = rows * layer.outputs * perGroup * taps;
  const emit = (to: Buffer, scaled: Sums, output: Quantisation | undefined) => {
    const words = {
      ...productWords(lowering.builder, scaled, rows, input.quantisation, output),
      [Gemm.Input]: input.buffer(),
      [Gemm.InputStride]: pixel,
      [Gemm.Output]: to,
    };
    if (pointwise) lowering.builder.emit(name, Op.Gemm, Gemm.Length, words, macs);
    else {
      const window = { ...words, ...windowWords(layer) };
      lowering.builder.emit(name, Op.Convolution, Convolution.Length, window, macs);
    }
  };
  return sumsLazy(lowering, layer, sums, emit);
}

function windowWords(layer: Layer) {
  return {
    [Convolution.InputHeight]: layer.height,
    [Convolution.InputWidth]: layer.width,
    [Convolution.PixelBytes]: layer.pixel,
    [Convolution.KernelHeight]: layer.kernelHeight,
    [Convolution.KernelWidth]: layer.kernelWidth,
    [Convolution.Stride]: layer.stride,
    [Convolution.PadTop]: layer.padTop,
    [Convolution.PadLeft]: layer.padLeft,
    [Convolution.OutputWidth]: layer.outputWidth,
    [Convolution.Padding]: layer.input.quantisation.zero,
    [Convolution.Dilation]: layer.dilation,
  };
}

function depthwise(lowering: Lowering, name: string, layer: Layer): Lazy {
  const { input, weights, kernelHeight, kernelWidth, pixel } = layer;
  if (input.quantisation.high > 127) throw new Unsupported("a depthwise convolution of 8-bit activations");
  if (pixel % CHANNEL_BLOCK !== 0) throw new Unsupported(`pixels of ${pixel} bytes are not padded`);
  const taps = kernelHeight * kernelWidth;
  const groups = Math.ceil(taps / 4);
  const sums: Sums = {
    columns: layer.outputs,
    depth: taps,
    scale: weights.scale,
    bias: layer.bias,
    weight: (column, k) => weights.data[column * taps + k]!,
  };
  const span = (kernel: number) => (kernel - 1) * layer.dilation + 1;
  const padded = (layer.outputWidth - 1) * layer.stride + span(kernelWidth);
  const macs = layer.outputHeight * layer.outputWidth * layer.outputs * taps;
  return sumsLazy(lowering, layer, sums, (to, scaled, output) => {
    if (!output) throw new Unsupported("a depthwise convolution's result is needed as floats: quantise it");
    const { bias, factor } = sumConstants(scaled, input.quantisation, output);
    const packed = new Int8Array(pixel * groups * 4);
    for (let channel = 0; channel < layer.outputs; channel++) {
      for (let tap = 0; tap < taps; tap++) {
        const place = depthwiseTap(
          Math.floor(tap / kernelWidth),
          tap % kernelWidth,
          kernelHeight,
          kernelWidth,
        );
        packed[depthwiseWeight(channel, place, groups)] = sums.weight(channel, tap);
      }
    }
    const words = {
      [Depthwise.Input]: input.buffer(),
      [Depthwise.InputHeight]: layer.height,
      [Depthwise.InputWidth]: layer.width,
      [Depthwise.Channels]: pixel,
      [Depthwise.KernelHeight]: kernelHeight,
      [Depthwise.KernelWidth]: kernelWidth,
      [Depthwise.Stride]: layer.stride,
      [Depthwise.PadTop]: layer.padTop,
      [Depthwise.PadLeft]: layer.padLeft,
      [Depthwise.OutputHeight]: layer.outputHeight,
      [Depthwise.OutputWidth]: layer.outputWidth,
      [Depthwise.Padding]: input.quantisation.zero,
      [Depthwise.Weights]: lowering.builder.constant(packed),
      [Depthwise.Bias]: lowering.builder.constant(bias),
      [Depthwise.Scale]: lowering.builder.constant(factor),
      [Depthwise.Output]: to,
      [Depthwise.Zero]: output.zero,
      [Depthwise.Low]: output.low,
      [Depthwise.High]: output.high,
      [Depthwise.Scratch]: lowering.builder.tensor(16 * groups + 16 + span(kernelHeight) * padded * pixel),
      [Depthwise.Dilation]: layer.dilation,
    };
    lowering.builder.emit(name, Op.Depthwise, Depthwise.Length, words, macs);
  });
}

/** Sums over a picture that wait for their quantisation; clamps and affine steps join their constants. */
function sumsLazy(
  lowering: Lowering,
  layer: Pick<Layer, "outputs" | "outputHeight" | "outputWidth">,
  sums: Sums,
  emit: (to: Buffer, sums: Sums, output: Quantisation | undefined) => void,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
): Lazy {
  const { outputs, outputHeight, outputWidth } = layer;
  const pixel = roundUp(outputs, CHANNEL_BLOCK);
  const view = pictureView(outputs, outputHeight, outputWidth, pixel);
  const rows = outputHeight * outputWidth;
  const unclamped = min === Number.NEGATIVE_INFINITY && max === Number.POSITIVE_INFINITY;
  const lazy: Lazy = {
    kind: "lazy",
    shape: view.shape,
    toBytes: (quantisation) => {
      const output = clampedTo(quantisation, min, max);
      return lowering.bytesOf(view, rows * pixel, output, (to) => emit(to, sums, output));
    },
    toFloats: () => {
      if (!unclamped) throw new Unsupported("a clamped result is needed as floats: quantise it");
      const spec = { shape: view.shape, rows, count: outputs, stride: pixel, channelsFirst: true };
      return lowering.floatsOf(spec, (to) => emit(to, sums, undefined));
    },
    clamped: (low, high) => sumsLazy(lowering, layer, sums, emit, Math.max(min, low), Math.min(max, high)),
  };
  if (!unclamped) return lazy;
  const affine = (factor: readonly number[], term: readonly number[]): Lazy => {
    const scale = Array.from({ length: outputs }, (_, i) => {
      return (sums.scale.length === 1 ? sums.scale[0]! : sums.scale[i]!) * factor[i]!;
    });
    const bias = Array.from({ length: outputs }, (_, i) => (sums.bias[i] ?? 0) * factor[i]! + term[i]!);
    return sumsLazy(lowering, layer, { ...sums, scale, bias }, emit);
  };
  return { ...lazy, affine };
}
