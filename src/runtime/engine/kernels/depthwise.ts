/** Depthwise convolutions: four taps of 16 channels at a time, interleaved for the inner product. */
import { Depthwise } from "../program/fields";
import { highWords, lowBytes, lowWords, row3x3 } from "./depthwise-3x3";
import { dot, ones } from "./dot";
import { pointer, word } from "./instruction";
import { oneStep } from "./processor";
import { magic, roundingOffset, scaleSums, toBytes } from "./requantise";

/**
 * Input rows live in a ring of padded rows, so that the taps of every output pixel lie at fixed distances: row r of
 * the padded picture is line r mod (ring size). Each row is copied once.
 */
export function depthwise(instruction: usize): void {
  const outputHeight = word(instruction, Depthwise.OutputHeight);
  const kernelHeight = word(instruction, Depthwise.KernelHeight);
  const dilation = word(instruction, Depthwise.Dilation);
  const stride = word(instruction, Depthwise.Stride);
  const span = (kernelHeight - 1) * dilation + 1;
  const rowBytes = word(instruction, Depthwise.OutputWidth) * word(instruction, Depthwise.Channels);
  const small = kernelHeight == 3 && word(instruction, Depthwise.KernelWidth) == 3 && dilation == 1 && stride <= 2;
  let next = 0;
  for (let y = 0; y < outputHeight; y++) {
    const top = y * stride;
    for (next = max(next, top); next < top + span; next++) fillLine(instruction, next, next % span);
    const taps = placeTaps(instruction, top, span);
    if (small) {
      // Taps go column by column: the first three are the rows' beginnings.
      const output = pointer(instruction, Depthwise.Output) + y * rowBytes;
      const first = load<u32>(taps), second = load<u32>(taps, 4), third = load<u32>(taps, 8);
      if (oneStep) row3x3<i8>(instruction, first, second, third, output);
      else row3x3<i16>(instruction, first, second, third, output);
      continue;
    }
    if (oneStep) outputRow<i8>(instruction, y, taps);
    else outputRow<i16>(instruction, y, taps);
  }
}

// @ts-ignore: decorator
@inline
function paddedWidth(instruction: usize): i32 {
  const stride = word(instruction, Depthwise.Stride);
  const span = (word(instruction, Depthwise.KernelWidth) - 1) * word(instruction, Depthwise.Dilation) + 1;
  return (word(instruction, Depthwise.OutputWidth) - 1) * stride + span;
}

/** Where the ring begins: behind the taps' addresses. */
// @ts-ignore: decorator
@inline
function ring(instruction: usize): usize {
  const taps = word(instruction, Depthwise.KernelHeight) * word(instruction, Depthwise.KernelWidth);
  return pointer(instruction, Depthwise.Scratch) + ((((taps + 3) & ~3) << 2) + 15 & ~15);
}

/** Copies row `row` of the padded picture into a line of the ring. */
function fillLine(instruction: usize, row: i32, line: i32): void {
  const channels = word(instruction, Depthwise.Channels);
  const width = word(instruction, Depthwise.InputWidth);
  const padded = paddedWidth(instruction);
  const padding = i8x16.splat(<i8>word(instruction, Depthwise.Padding));
  const source = row - word(instruction, Depthwise.PadTop);
  let to = ring(instruction) + line * padded * channels;
  const end = to + padded * channels;
  if (source >= 0 && source < word(instruction, Depthwise.InputHeight)) {
    const left = word(instruction, Depthwise.PadLeft);
    for (const start = to + left * channels; to < start; to += 16) v128.store(to, padding);
    let from = pointer(instruction, Depthwise.Input) + source * width * channels;
    const last = to + min(width, padded - left) * channels;
    for (; to < last; to += 16, from += 16) v128.store(to, v128.load(from));
  }
  for (; to < end; to += 16) v128.store(to, padding);
}

/** Writes the address of each tap of the first output pixel of a row; to fill up a group, taps repeat the first. */
function placeTaps(instruction: usize, top: i32, span: i32): usize {
  const kernelHeight = word(instruction, Depthwise.KernelHeight);
  const kernelWidth = word(instruction, Depthwise.KernelWidth);
  const dilation = word(instruction, Depthwise.Dilation);
  const channels = word(instruction, Depthwise.Channels);
  const lineBytes = paddedWidth(instruction) * channels;
  const lines = ring(instruction);
  const taps = pointer(instruction, Depthwise.Scratch);
  let to = taps;
  if (kernelHeight == 3 && kernelWidth == 3) {
    // Column by column, each with an empty fourth tap.
    for (let kx = 0; kx < 3; kx++, to += 16) {
      for (let ky = 0; ky < 4; ky++) {
        const line = lines + ((top + min(ky, 2) * dilation) % span) * lineBytes;
        store<u32>(to + (ky << 2), line + kx * dilation * channels);
      }
    }
    return taps;
  }
  for (let ky = 0; ky < kernelHeight; ky++) {
    const line = lines + ((top + ky * dilation) % span) * lineBytes;
    for (let kx = 0; kx < kernelWidth; kx++, to += 4) store<u32>(to, line + kx * dilation * channels);
  }
  const end = taps + (((kernelHeight * kernelWidth + 3) & ~3) << 2);
  for (; to < end; to += 4) store<u32>(to, load<u32>(taps));
  return taps;
}

// @ts-ignore: decorator
@inline
function outputRow<T>(instruction: usize, y: i32, taps: usize): void {
  const channels = word(instruction, Depthwise.Channels);
  const width = word(instruction, Depthwise.OutputWidth);
  const step = word(instruction, Depthwise.Stride) * channels;
  const count = word(instruction, Depthwise.KernelHeight) * word(instruction, Depthwise.KernelWidth);
  const groups = (count + 3) >> 2;
  const one = ones();
  const round = magic();
  const offset = roundingOffset(word(instruction, Depthwise.Zero));
  const low = i8x16.splat(<i8>word(instruction, Depthwise.Low));
  const high = i8x16.splat(<i8>word(instruction, Depthwise.High));
  const output = pointer(instruction, Depthwise.Output) + y * width * channels;
  const endTaps = taps + (groups << 4);
  for (let channel = 0; channel < channels; channel += 16) {
    const bias = pointer(instruction, Depthwise.Bias) + (channel << 2);
    const scale = pointer(instruction, Depthwise.Scale) + (channel << 2);
    const weights = pointer(instruction, Depthwise.Weights) + channel * (groups << 2);
    let to = output + channel;
    let delta = channel;
    for (let x = 0; x < width; x++, delta += step, to += channels) {
      let s0 = v128.load(bias), s1 = v128.load(bias, 16), s2 = v128.load(bias, 32), s3 = v128.load(bias, 48);
      let w = weights;
      for (let tap = taps; tap < endTaps; tap += 16, w += 64) {
        const a = v128.load(load<u32>(tap) + delta), b = v128.load(load<u32>(tap, 4) + delta);
        const c = v128.load(load<u32>(tap, 8) + delta), d = v128.load(load<u32>(tap, 12) + delta);
        const ab = lowBytes(a, b), cd = lowBytes(c, d);
        s0 = dot<T>(v128.load(w), lowWords(ab, cd), s0, one);
        s1 = dot<T>(v128.load(w, 16), highWords(ab, cd), s1, one);
        const ef = highBytes(a, b), gh = highBytes(c, d);
        s2 = dot<T>(v128.load(w, 32), lowWords(ef, gh), s2, one);
        s3 = dot<T>(v128.load(w, 48), highWords(ef, gh), s3, one);
      }
      s0 = scaleSums(s0, v128.load(scale), offset, round);
      s1 = scaleSums(s1, v128.load(scale, 16), offset, round);
      s2 = scaleSums(s2, v128.load(scale, 32), offset, round);
      s3 = scaleSums(s3, v128.load(scale, 48), offset, round);
      v128.store(to, toBytes(s0, s1, s2, s3, low, high));
    }
  }
}

// @ts-ignore: decorator
@inline
function highBytes(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
