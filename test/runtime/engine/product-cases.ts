/** Random matrix products and convolutions. */
import { Convolution, Depthwise, Gemm, Op, Store } from "../../../src/runtime/engine/program/fields.ts";
import { depthwiseTap } from "../../../src/runtime/engine/reference/packing.ts";
import type { Laid, Layout } from "./layout.ts";
import type { Random } from "./random.ts";

const up = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple;

/** Zero point and clamps of an output; all of them 7 bits half of the time. */
export function randomRange(random: Random): { zero: number; low: number; high: number } {
  const top = random.pick([127, 255]);
  const low = random.int(0, top);
  return { zero: random.int(0, top), low: random.chance(0.5) ? 0 : low, high: random.int(low, top) };
}

/** Words that every product has; the input's are added by the caller. */
function productWords(layout: Layout, random: Random, rows: number, depth: number, batch: number) {
  const columns = 8 * random.int(1, 8);
  const store = random.chance(0.2) ? Store.Float : Store.Byte;
  const fill = random.chance(0.3) ? "extremeWeights" : "weights";
  const weights = layout.place(batch * columns * depth, fill);
  const outputStride = up(columns * (store === Store.Float ? 4 : 1), 16) + 16 * random.int(0, 1);
  const { zero, low, high } = randomRange(random);
  return {
    [Gemm.Rows]: rows,
    [Gemm.Depth]: depth,
    [Gemm.Columns]: columns,
    [Gemm.Weights]: weights,
    [Gemm.Bias]: layout.place(4 * columns * batch, "bias"),
    [Gemm.Scale]: layout.place(4 * columns, "scale"),
    [Gemm.Output]: layout.place(outputStride * rows * batch, "nothing"),
    [Gemm.OutputStride]: outputStride,
    [Gemm.Zero]: zero,
    [Gemm.Low]: low,
    [Gemm.High]: high,
    [Gemm.Store]: store,
    [Gemm.Batch]: batch,
    [Gemm.WeightsStep]: columns * depth,
    [Gemm.BiasStep]: 4 * columns,
    [Gemm.OutputStep]: outputStride * rows,
  };
}

export function gemmCase(layout: Layout, random: Random): Laid {
  const rows = random.int(1, 40);
  const depth = 8 * random.int(1, random.pick([4, 40, 300]));
  const batch = random.chance(0.2) ? random.int(2, 4) : 1;
  const stride = depth + 8 * random.int(0, 3);
  const full = random.chance(0.2);
  const input = layout.place(batch * rows * stride, full ? "eightBits" : "sevenBits");
  return layout.instruction(Op.Gemm, Gemm.Length, {
    ...productWords(layout, random, rows, depth, batch),
    [Gemm.Input]: input,
    [Gemm.InputStride]: stride,
    [Gemm.InputStep]: rows * stride,
    [Gemm.FullRange]: Number(full),
  });
}

interface Window {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly height: number;
  readonly width: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
}

/** A picture and a window with any padding up to the kernel; at least one output pixel. */
export function randomWindow(random: Random, dilations: readonly number[] = [1, 1, 1, 2]): Window {
  const [kernelHeight, kernelWidth] = random.pick([
    [3, 3],
    [3, 3],
    [5, 5],
    [1, 1],
    [7, 7],
    [2, 2],
    [1, 3],
    [4, 3],
  ] as const);
  const dilation = random.pick(dilations);
  const stride = random.int(1, 3);
  const axis = (kernel: number) => {
    const span = (kernel - 1) * dilation + 1;
    const before = random.int(0, span - 1);
    const after = random.int(0, span - 1);
    const size = random.int(Math.max(1, span - before - after), Math.max(1, span - before - after) + 12);
    return { before, size, output: Math.floor((size + before + after - span) / stride) + 1 };
  };
  const [y, x] = [axis(kernelHeight), axis(kernelWidth)];
  return {
    ...{ kernelHeight, kernelWidth, stride, dilation },
    ...{ padTop: y.before, padLeft: x.before, height: y.size, width: x.size },
    ...{ outputHeight: y.output, outputWidth: x.output },
  };
}

export function convolutionCase(layout: Layout, random: Random): Laid {
  const window = randomWindow(random);
  const picture = random.chance(0.4);
  const pixel = picture ? random.int(1, 5) : 16 * random.int(1, 3);
  const depth = up(window.kernelHeight * window.kernelWidth * pixel, 8);
  const input = layout.place(window.height * window.width * pixel, picture ? "eightBits" : "sevenBits");
  const product = productWords(layout, random, window.outputHeight * window.outputWidth, depth, 1);
  // Behind the last tap the weights are zero, whatever the memory behind the picture holds.
  if (picture)
    layout.zeroDepth(
      product[Gemm.Weights],
      product[Gemm.Columns],
      depth,
      pixel * window.kernelHeight * window.kernelWidth,
    );
  return layout.instruction(Op.Convolution, Convolution.Length, {
    ...product,
    [Gemm.Input]: input,
    [Gemm.FullRange]: Number(picture),
    [Convolution.InputHeight]: window.height,
    [Convolution.InputWidth]: window.width,
    [Convolution.PixelBytes]: pixel,
    [Convolution.KernelHeight]: window.kernelHeight,
    [Convolution.KernelWidth]: window.kernelWidth,
    [Convolution.Stride]: window.stride,
    [Convolution.PadTop]: window.padTop,
    [Convolution.PadLeft]: window.padLeft,
    [Convolution.OutputWidth]: window.outputWidth,
    [Convolution.Padding]: random.int(0, picture ? 255 : 127),
    [Convolution.Dilation]: window.dilation,
  });
}

export function depthwiseCase(layout: Layout, random: Random): Laid {
  const window = randomWindow(random);
  const channels = 16 * random.int(1, 4);
  const groups = Math.ceil((window.kernelHeight * window.kernelWidth) / 4);
  const weights = layout.place(channels * groups * 4, random.chance(0.3) ? "extremeWeights" : "weights");
  const places = new Set<number>();
  for (let ky = 0; ky < window.kernelHeight; ky++) {
    for (let kx = 0; kx < window.kernelWidth; kx++) {
      places.add(depthwiseTap(ky, kx, window.kernelHeight, window.kernelWidth));
    }
  }
  layout.zeroTaps(weights, channels, groups, places);
  const { zero, low, high } = randomRange(random);
  const span = (kernel: number) => (kernel - 1) * window.dilation + 1;
  const padded = (window.outputWidth - 1) * window.stride + span(window.kernelWidth);
  return layout.instruction(Op.Depthwise, Depthwise.Length, {
    [Depthwise.Input]: layout.place(window.height * window.width * channels, "sevenBits"),
    [Depthwise.InputHeight]: window.height,
    [Depthwise.InputWidth]: window.width,
    [Depthwise.Channels]: channels,
    [Depthwise.KernelHeight]: window.kernelHeight,
    [Depthwise.KernelWidth]: window.kernelWidth,
    [Depthwise.Stride]: window.stride,
    [Depthwise.PadTop]: window.padTop,
    [Depthwise.PadLeft]: window.padLeft,
    [Depthwise.OutputHeight]: window.outputHeight,
    [Depthwise.OutputWidth]: window.outputWidth,
    [Depthwise.Padding]: random.int(0, 127),
    [Depthwise.Weights]: weights,
    [Depthwise.Bias]: layout.place(4 * channels, "bias"),
    [Depthwise.Scale]: layout.place(4 * channels, "scale"),
    [Depthwise.Output]: layout.place(window.outputHeight * window.outputWidth * channels, "nothing"),
    [Depthwise.Zero]: zero,
    [Depthwise.Low]: low,
    [Depthwise.High]: high,
    [Depthwise.Scratch]: layout.scratch(16 * groups + 16 + span(window.kernelHeight) * padded * channels),
    [Depthwise.Dilation]: window.dilation,
  });
}
