/** Matrix products and convolutions, one multiplication at a time. */
import { Convolution, Depthwise, Gemm, Store } from "../program/fields.ts";
import type { Instruction, Memory } from "./memory.ts";
import { depthwiseTap, depthwiseWeight, gemmWeight } from "./packing.ts";
import { requantise, scaled } from "./rounding.ts";

interface Operands {
  readonly weights: number;
  readonly bias: number;
  readonly output: number;
}

/** Output row `row` of a product: `activations`, `Gemm.Depth` bytes, times every column. */
function storeRow(
  memory: Memory,
  { word }: Instruction,
  { weights, bias, output }: Operands,
  row: number,
  activations: ArrayLike<number>,
): void {
  const depth = word(Gemm.Depth);
  const line = output + row * word(Gemm.OutputStride);
  const [zero, low, high] = [word(Gemm.Zero), word(Gemm.Low), word(Gemm.High)];
  for (let column = 0; column < word(Gemm.Columns); column++) {
    let sum = memory.integer(bias + 4 * column);
    for (let k = 0; k < depth; k++) {
      sum += memory.signedByte(weights + gemmWeight(column, k, depth)) * activations[k]!;
    }
    const scale = memory.float(word(Gemm.Scale) + 4 * column);
    if (word(Gemm.Store) === Store.Float) memory.f32[(line >> 2) + column] = scaled(sum, scale);
    else memory.u8[line + column] = requantise(sum, scale, zero, low, high);
  }
}

export function gemm(memory: Memory, instruction: Instruction): void {
  const { word } = instruction;
  for (let batch = 0; batch < word(Gemm.Batch); batch++) {
    const input = word(Gemm.Input) + batch * word(Gemm.InputStep);
    const operands = {
      weights: word(Gemm.Weights) + batch * word(Gemm.WeightsStep),
      bias: word(Gemm.Bias) + batch * word(Gemm.BiasStep),
      output: word(Gemm.Output) + batch * word(Gemm.OutputStep),
    };
    for (let row = 0; row < word(Gemm.Rows); row++) {
      const from = input + row * word(Gemm.InputStride);
      storeRow(memory, instruction, operands, row, memory.u8.subarray(from, from + word(Gemm.Depth)));
    }
  }
}

export function convolution(memory: Memory, instruction: Instruction): void {
  const { word } = instruction;
  const operands = {
    weights: word(Gemm.Weights),
    bias: word(Gemm.Bias),
    output: word(Gemm.Output),
  };
  const pixel = word(Convolution.PixelBytes);
  const taps = word(Convolution.KernelHeight) * word(Convolution.KernelWidth);
  for (let row = 0; row < word(Gemm.Rows); row++) {
    const y = Math.floor(row / word(Convolution.OutputWidth));
    const x = row % word(Convolution.OutputWidth);
    const activation = (k: number) => {
      const tap = Math.floor(k / pixel);
      // Past the last tap the weights are zero.
      if (tap >= taps) return 0;
      const dilation = word(Convolution.Dilation);
      const ky = Math.floor(tap / word(Convolution.KernelWidth));
      const kx = tap % word(Convolution.KernelWidth);
      const r = y * word(Convolution.Stride) - word(Convolution.PadTop) + ky * dilation;
      const c = x * word(Convolution.Stride) - word(Convolution.PadLeft) + kx * dilation;
      const outside =
        r < 0 || r >= word(Convolution.InputHeight) || c < 0 || c >= word(Convolution.InputWidth);
      if (outside) return word(Convolution.Padding);
      return memory.byte(word(Gemm.Input) + (r * word(Convolution.InputWidth) + c) * pixel + (k % pixel));
    };
    const activations = Uint8Array.from({ length: word(Gemm.Depth) }, (_, k) => activation(k));
    storeRow(memory, instruction, operands, row, activations);
  }
}

export function depthwise(memory: Memory, { word }: Instruction): void {
  const channels = word(Depthwise.Channels);
  const [kernelHeight, kernelWidth] = [word(Depthwise.KernelHeight), word(Depthwise.KernelWidth)];
  const groups = Math.ceil((kernelHeight * kernelWidth) / 4);
  const [height, width] = [word(Depthwise.InputHeight), word(Depthwise.InputWidth)];
  const input = (r: number, c: number, channel: number) =>
    r < 0 || r >= height || c < 0 || c >= width
      ? word(Depthwise.Padding)
      : memory.byte(word(Depthwise.Input) + (r * width + c) * channels + channel);
  let output = word(Depthwise.Output);
  for (let y = 0; y < word(Depthwise.OutputHeight); y++) {
    for (let x = 0; x < word(Depthwise.OutputWidth); x++) {
      const top = y * word(Depthwise.Stride) - word(Depthwise.PadTop);
      const left = x * word(Depthwise.Stride) - word(Depthwise.PadLeft);
      for (let channel = 0; channel < channels; channel++) {
        let sum = memory.integer(word(Depthwise.Bias) + 4 * channel);
        for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
          const ky = Math.floor(tap / kernelWidth);
          const place = depthwiseTap(ky, tap % kernelWidth, kernelHeight, kernelWidth);
          const weight = word(Depthwise.Weights) + depthwiseWeight(channel, place, groups);
          const r = top + ky * word(Depthwise.Dilation);
          const c = left + (tap % kernelWidth) * word(Depthwise.Dilation);
          sum += memory.signedByte(weight) * input(r, c, channel);
        }
        const scale = memory.float(word(Depthwise.Scale) + 4 * channel);
        const [zero, low, high] = [word(Depthwise.Zero), word(Depthwise.Low), word(Depthwise.High)];
        memory.u8[output++] = requantise(sum, scale, zero, low, high);
      }
    }
  }
}
