/** Pooling and enlargement. */
import { Op, Pool, Resize, Store } from "../program/fields.ts";
import { windowOf } from "./lower-convolution.ts";
import { constantNumbers } from "./lower-quantisation.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { listAttribute, numberAttribute, type OnnxNode, stringAttribute } from "./onnx-graph.ts";
import type { Buffer } from "./program-builder.ts";
import type { Quantisation } from "./quantisation.ts";
import type { Bytes, Lazy } from "./values.ts";
import { asPicture, CHANNEL_BLOCK, type Picture, pictureView } from "./view.ts";

export function pictureOf(bytes: Bytes): Picture {
  const picture = asPicture(bytes.view);
  if (!picture || picture.pixel % CHANNEL_BLOCK !== 0)
    throw new Unsupported("its input is not laid out as a picture");
  return picture;
}

/** `GlobalAveragePool`, `AveragePool`, and `ReduceMean` over height and width. */
export function averagePool(lowering: Lowering, node: OnnxNode): Lazy {
  const input = lowering.bytes(node, 0);
  const picture = pictureOf(input);
  if (node.op === "AveragePool") return pooled(lowering, node, input, picture);
  if (node.op === "ReduceMean") {
    const axes = node.inputs[1] ? constantNumbers(lowering, node, 1) : listAttribute(node, "axes", []);
    const flat = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
    if (flat.length !== 2 || flat[0] !== 2 || flat[1] !== 3)
      throw new Unsupported("its axes are not height and width");
  }
  const lazy = pooled(lowering, node, input, picture, [picture.height, picture.width]);
  if (numberAttribute(node, "keepdims", 1) === 1) return lazy;
  const shape = [1, picture.channels];
  return {
    ...lazy,
    shape,
    toBytes: (output) => {
      const bytes = lazy.toBytes(output);
      return { ...bytes, view: { shape, strides: [picture.pixel, 1], offset: 0 } };
    },
    toFloats: () => ({ ...lazy.toFloats(), shape, channelsFirst: false }),
  };
}

function pooled(
  lowering: Lowering,
  node: OnnxNode,
  input: Bytes,
  picture: Picture,
  kernel = listAttribute(node, "kernel_shape", []),
): Lazy {
  const [kernelHeight = 1, kernelWidth = 1] = kernel;
  const window = windowOf(node, picture, kernelHeight, kernelWidth);
  if (numberAttribute(node, "ceil_mode", 0) !== 0) throw new Unsupported("ceil_mode");
  if (window.padTop + window.padLeft > 0 && numberAttribute(node, "count_include_pad", 0) !== 0) {
    throw new Unsupported("count_include_pad");
  }
  const { outputHeight, outputWidth } = window;
  const view = pictureView(picture.channels, outputHeight, outputWidth, picture.pixel);
  const rows = outputHeight * outputWidth;
  const emit = (to: Buffer, output: Quantisation | undefined) =>
    lowering.builder.emit(node.name, Op.AveragePool, Pool.Length, {
      ...poolWords(input, picture, window),
      [Pool.Output]: to,
      [Pool.InputZero]: input.quantisation.zero,
      [Pool.Scale]: { real: input.quantisation.scale / (output?.scale ?? 1) },
      [Pool.Zero]: output?.zero ?? 0,
      [Pool.Low]: output?.low ?? 0,
      [Pool.High]: output?.high ?? 0,
      [Pool.Store]: output ? Store.Byte : Store.Float,
    });
  return {
    kind: "lazy",
    shape: view.shape,
    toBytes: (output) => lowering.bytesOf(view, rows * picture.pixel, output, (to) => emit(to, output)),
    toFloats: () => {
      const spec = {
        shape: view.shape,
        rows,
        count: picture.channels,
        stride: picture.pixel,
        channelsFirst: true,
      };
      return lowering.floatsOf(spec, (to) => emit(to, undefined));
    },
  };
}

function poolWords(input: Bytes, picture: Picture, window: ReturnType<typeof windowOf>) {
  if (window.dilation !== 1) throw new Unsupported("dilated pooling");
  return {
    [Pool.Input]: input.buffer(),
    [Pool.InputHeight]: picture.height,
    [Pool.InputWidth]: picture.width,
    [Pool.Channels]: picture.pixel,
    [Pool.KernelHeight]: window.kernelHeight,
    [Pool.KernelWidth]: window.kernelWidth,
    [Pool.Stride]: window.stride,
    [Pool.PadTop]: window.padTop,
    [Pool.PadLeft]: window.padLeft,
    [Pool.OutputHeight]: window.outputHeight,
    [Pool.OutputWidth]: window.outputWidth,
  };
}

/** The largest byte is the largest number: no rounding. */
export function maxPool(lowering: Lowering, node: OnnxNode): Bytes {
  const input = lowering.bytes(node, 0);
  const picture = pictureOf(input);
  const [kernelHeight = 1, kernelWidth = 1] = listAttribute(node, "kernel_shape", []);
  const window = windowOf(node, picture, kernelHeight, kernelWidth);
  if (numberAttribute(node, "ceil_mode", 0) !== 0) throw new Unsupported("ceil_mode");
  const view = pictureView(picture.channels, window.outputHeight, window.outputWidth, picture.pixel);
  const size = window.outputHeight * window.outputWidth * picture.pixel;
  return lowering.bytesOf(view, size, input.quantisation, (to) => {
    const words = { ...poolWords(input, picture, window), [Pool.Output]: to };
    lowering.builder.emit(node.name, Op.MaxPool, Pool.Length, words);
  });
}

export function resize(lowering: Lowering, node: OnnxNode): Bytes {
  const input = lowering.bytes(node, 0);
  const picture = pictureOf(input);
  if (stringAttribute(node, "mode", "nearest") !== "nearest")
    throw new Unsupported("only nearest-neighbour resizing");
  const scales = node.inputs[2] ? constantNumbers(lowering, node, 2) : [];
  const sizes = node.inputs[3] ? constantNumbers(lowering, node, 3) : [];
  const factors = [2, 3].map((axis) => scales[axis] ?? sizes[axis]! / input.view.shape[axis]!);
  const [factor] = factors;
  if (factor === undefined || factors[1] !== factor || !Number.isInteger(factor)) {
    throw new Unsupported("only enlargement by the same whole factor along both axes");
  }
  const [height, width] = [picture.height * factor, picture.width * factor];
  const view = pictureView(picture.channels, height, width, picture.pixel);
  return lowering.bytesOf(view, height * width * picture.pixel, input.quantisation, (to) =>
    lowering.builder.emit(node.name, Op.Resize, Resize.Length, {
      [Resize.Input]: input.buffer(),
      [Resize.InputHeight]: picture.height,
      [Resize.InputWidth]: picture.width,
      [Resize.Channels]: picture.pixel,
      [Resize.Factor]: factor,
      [Resize.Output]: to,
    }),
  );
}
