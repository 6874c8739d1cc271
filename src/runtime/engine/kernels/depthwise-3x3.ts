/**
 * One output row of a 3×3 depthwise convolution, 8 channels at a time: each column of three pixels is interleaved
 * once, as [top, middle, bottom, 0] for each channel, and stays in registers for all outputs that it touches.
 */
import { Depthwise } from "../program/fields";
import { dot, ones } from "./dot";
import { pointer, word } from "./instruction";
import { magic, roundingOffset, scaleSums } from "./requantise";

/** @param top, middle, bottom Padded input rows; `output` the row that is written. */
export function row3x3<T>(instruction: usize, top: usize, middle: usize, bottom: usize, output: usize): void {
  const channels = word(instruction, Depthwise.Channels);
  const width = word(instruction, Depthwise.OutputWidth);
  const twice = word(instruction, Depthwise.Stride) == 2;
  const one = ones();
  const round = magic();
  const offset = roundingOffset(word(instruction, Depthwise.Zero));
  const low = i8x16.splat(<i8>word(instruction, Depthwise.Low));
  const high = i8x16.splat(<i8>word(instruction, Depthwise.High));
  const end = output + width * channels;
  for (let channel = 0; channel < channels; channel += 8, output += 8) {
    const bias = pointer(instruction, Depthwise.Bias) + (channel << 2);
    const scale = pointer(instruction, Depthwise.Scale) + (channel << 2);
    // [channels/16][3 columns][16 channels × 4 taps]
    const w = pointer(instruction, Depthwise.Weights) + (channel >> 4) * 192 + ((channel & 8) << 2);
    const w00 = v128.load(w), w01 = v128.load(w, 16);
    const w10 = v128.load(w, 64), w11 = v128.load(w, 80);
    const w20 = v128.load(w, 128), w21 = v128.load(w, 144);
    const b0 = v128.load(bias), b1 = v128.load(bias, 16);
    const c0 = v128.load(scale), c1 = v128.load(scale, 16);
    let t = top + channel, m = middle + channel, b = bottom + channel;
    let pair = lowBytes(v128.load64_zero(t), v128.load64_zero(m)), third = v128.load8x8_u(b);
    let x0 = lowWords(pair, third), y0 = highWords(pair, third);
    let x1 = x0, y1 = y0;
    if (!twice) {
      t += channels; m += channels; b += channels;
      pair = lowBytes(v128.load64_zero(t), v128.load64_zero(m)); third = v128.load8x8_u(b);
      x1 = lowWords(pair, third); y1 = highWords(pair, third);
    }
    for (let to = output; to < end; to += channels) {
      if (twice) {
        t += channels; m += channels; b += channels;
        pair = lowBytes(v128.load64_zero(t), v128.load64_zero(m)); third = v128.load8x8_u(b);
        x1 = lowWords(pair, third); y1 = highWords(pair, third);
      }
      t += channels; m += channels; b += channels;
      pair = lowBytes(v128.load64_zero(t), v128.load64_zero(m)); third = v128.load8x8_u(b);
      const x2 = lowWords(pair, third), y2 = highWords(pair, third);
      const s0 = dot<T>(w20, x2, dot<T>(w10, x1, dot<T>(w00, x0, b0, one), one), one);
      const s1 = dot<T>(w21, y2, dot<T>(w11, y1, dot<T>(w01, y0, b1, one), one), one);
      const words = i16x8.narrow_i32x4_s(scaleSums(s0, c0, offset, round), scaleSums(s1, c1, offset, round));
      const bytes = v128.min<u8>(v128.max<u8>(i8x16.narrow_i16x8_u(words, words), low), high);
      v128.store64_lane(to, bytes, 0);
      if (twice) { x0 = x2; y0 = y2; } else { x0 = x1; y0 = y1; x1 = x2; y1 = y2; }
    }
  }
}

// @ts-ignore: decorator
@inline
export function lowBytes(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
// @ts-ignore: decorator
@inline
export function lowWords(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
// @ts-ignore: decorator
@inline
export function highWords(a: v128, b: v128): v128 {
  return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
