/** k×k convolutions: output pixels' neighbourhoods become rows, which the matrix product takes. */
import { Convolution, Gemm } from "../program/fields";
import { blockRows, multiplyRows } from "./gemm";
import { pointer, word } from "./instruction";
import { multiplyWideRows } from "./wide-gemm";

/** Neighbourhoods of a block of output pixels; 16-bit when the input uses all 8 bits. */
const ROWS = memory.data(65536 + 64, 16);

export function convolution(instruction: usize): void {
  const rows = word(instruction, Gemm.Rows);
  const depth = word(instruction, Gemm.Depth);
  const full = word(instruction, Gemm.FullRange) != 0;
  const outputWidth = word(instruction, Convolution.OutputWidth);
  const outputStride = pointer(instruction, Gemm.OutputStride);
  const weights = pointer(instruction, Gemm.Weights);
  const bias = pointer(instruction, Gemm.Bias);
  const output = pointer(instruction, Gemm.Output);
  const block = blockRows(instruction);
  let y = 0, x = 0;
  for (let row = 0; row < rows; row += block) {
    const count = min(block, rows - row);
    for (let i = 0; i < count; i++) {
      if (full) gatherWide(instruction, y, x, ROWS + i * (depth << 1));
      else gather(instruction, y, x, ROWS + i * depth);
      if (++x == outputWidth) { x = 0; y++; }
    }
    const to = output + row * outputStride;
    if (full) multiplyWideRows(instruction, ROWS, count, to, weights, bias);
    else multiplyRows(instruction, ROWS, depth, count, to, weights, bias);
  }
}

/** The neighbourhood of output pixel (y, x): kernel height × kernel width × channels (a multiple of 16). */
function gather(instruction: usize, y: i32, x: i32, to: usize): void {
  const height = word(instruction, Convolution.InputHeight);
  const width = word(instruction, Convolution.InputWidth);
  const pixel = word(instruction, Convolution.PixelBytes);
  const kernelHeight = word(instruction, Convolution.KernelHeight);
  const kernelWidth = word(instruction, Convolution.KernelWidth);
  const dilation = word(instruction, Convolution.Dilation);
  const input = pointer(instruction, Gemm.Input);
  const padding = i8x16.splat(<i8>word(instruction, Convolution.Padding));
  const top = y * word(instruction, Convolution.Stride) - word(instruction, Convolution.PadTop);
  const left = x * word(instruction, Convolution.Stride) - word(instruction, Convolution.PadLeft);
  const run = pixel * kernelWidth;
  const inside = dilation == 1 && left >= 0 && left + kernelWidth <= width;
  for (let ky = 0; ky < kernelHeight; ky++) {
    const row = top + ky * dilation;
    if (row < 0 || row >= height) {
      for (const end = to + run; to < end; to += 16) v128.store(to, padding);
      continue;
    }
    const line = input + row * width * pixel;
    if (inside) {
      let from = line + left * pixel;
      for (const end = to + run; to < end; to += 16, from += 16) v128.store(to, v128.load(from));
      continue;
    }
    for (let kx = 0; kx < kernelWidth; kx++) {
      const column = left + kx * dilation;
      const end = to + pixel;
      if (column < 0 || column >= width) {
        for (; to < end; to += 16) v128.store(to, padding);
      } else {
        let from = line + column * pixel;
        for (; to < end; to += 16, from += 16) v128.store(to, v128.load(from));
      }
    }
  }
}

/** As `gather`, for pixels of any number of bytes, widened to 16 bits. May write up to 15 elements too many. */
function gatherWide(instruction: usize, y: i32, x: i32, to: usize): void {
  const height = word(instruction, Convolution.InputHeight);
  const width = word(instruction, Convolution.InputWidth);
  const pixel = word(instruction, Convolution.PixelBytes);
  const kernelHeight = word(instruction, Convolution.KernelHeight);
  const kernelWidth = word(instruction, Convolution.KernelWidth);
  const dilation = word(instruction, Convolution.Dilation);
  const input = pointer(instruction, Gemm.Input);
  const padding = <i16>word(instruction, Convolution.Padding);
  const top = y * word(instruction, Convolution.Stride) - word(instruction, Convolution.PadTop);
  const left = x * word(instruction, Convolution.Stride) - word(instruction, Convolution.PadLeft);
  const inside = dilation == 1 && left >= 0 && left + kernelWidth <= width;
  const run = pixel * kernelWidth;
  for (let ky = 0; ky < kernelHeight; ky++) {
    const row = top + ky * dilation;
    const line = input + row * width * pixel;
    if (row >= 0 && row < height && inside) {
      const from = line + left * pixel;
      for (let i = 0; i < run; i += 8) v128.store(to + (i << 1), v128.load8x8_u(from + i));
      to += run << 1;
      continue;
    }
    for (let kx = 0; kx < kernelWidth; kx++) {
      const column = left + kx * dilation;
      const outside = row < 0 || row >= height || column < 0 || column >= width;
      const from = line + column * pixel;
      for (let i = 0; i < pixel; i++, to += 2) store<i16>(to, outside ? padding : <i16>load<u8>(from + i));
    }
  }
}
