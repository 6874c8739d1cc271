/** Average and maximum over windows. */
import { Pool, Store } from "../program/fields";
import { pointer, real, word } from "./instruction";
import { magic, roundingOffset, scaleSums, toBytes } from "./requantise";

/** Windows are clipped to the picture; a clipped window's mean is over the pixels that it has. */
export function averagePool(instruction: usize): void {
  const channels = word(instruction, Pool.Channels);
  const inputWidth = word(instruction, Pool.InputWidth);
  const outputHeight = word(instruction, Pool.OutputHeight);
  const outputWidth = word(instruction, Pool.OutputWidth);
  const stride = word(instruction, Pool.Stride);
  const floats = word(instruction, Pool.Store) == Store.Float;
  const round = magic();
  const offset = roundingOffset(word(instruction, Pool.Zero));
  const low = i8x16.splat(<i8>word(instruction, Pool.Low));
  const high = i8x16.splat(<i8>word(instruction, Pool.High));
  const inputZero = word(instruction, Pool.InputZero);
  let to = pointer(instruction, Pool.Output);
  for (let y = 0; y < outputHeight; y++) {
    const row = y * stride - word(instruction, Pool.PadTop);
    const top = max(0, row);
    const bottom = min(word(instruction, Pool.InputHeight), row + word(instruction, Pool.KernelHeight));
    for (let x = 0; x < outputWidth; x++) {
      const column = x * stride - word(instruction, Pool.PadLeft);
      const left = max(0, column);
      const right = min(inputWidth, column + word(instruction, Pool.KernelWidth));
      const count = (bottom - top) * (right - left);
      const scale = f32x4.splat(real(instruction, Pool.Scale) / <f32>count);
      const start = i32x4.splat(-inputZero * count);
      for (let channel = 0; channel < channels; channel += 16) {
        let s0 = start, s1 = start, s2 = start, s3 = start;
        for (let r = top; r < bottom; r++) {
          let from = pointer(instruction, Pool.Input) + (r * inputWidth + left) * channels + channel;
          for (let c = left; c < right; c++, from += channels) {
            const a = v128.load8x8_u(from), b = v128.load8x8_u(from, 8);
            s0 = i32x4.add(s0, i32x4.extend_low_i16x8_u(a));
            s1 = i32x4.add(s1, i32x4.extend_high_i16x8_u(a));
            s2 = i32x4.add(s2, i32x4.extend_low_i16x8_u(b));
            s3 = i32x4.add(s3, i32x4.extend_high_i16x8_u(b));
          }
        }
        if (floats) {
          v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s0), scale));
          v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s1), scale), 16);
          v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s2), scale), 32);
          v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s3), scale), 48);
          to += 64;
        } else {
          s0 = scaleSums(s0, scale, offset, round);
          s1 = scaleSums(s1, scale, offset, round);
          s2 = scaleSums(s2, scale, offset, round);
          s3 = scaleSums(s3, scale, offset, round);
          v128.store(to, toBytes(s0, s1, s2, s3, low, high));
          to += 16;
        }
      }
    }
  }
}

/** Pixels outside the picture do not count. */
export function maxPool(instruction: usize): void {
  const channels = word(instruction, Pool.Channels);
  const inputWidth = word(instruction, Pool.InputWidth);
  const stride = word(instruction, Pool.Stride);
  let to = pointer(instruction, Pool.Output);
  for (let y = 0; y < word(instruction, Pool.OutputHeight); y++) {
    const row = y * stride - word(instruction, Pool.PadTop);
    const top = max(0, row);
    const bottom = min(word(instruction, Pool.InputHeight), row + word(instruction, Pool.KernelHeight));
    for (let x = 0; x < word(instruction, Pool.OutputWidth); x++) {
      const column = x * stride - word(instruction, Pool.PadLeft);
      const left = max(0, column);
      const right = min(inputWidth, column + word(instruction, Pool.KernelWidth));
      for (let channel = 0; channel < channels; channel += 16, to += 16) {
        let largest = i8x16.splat(0);
        for (let r = top; r < bottom; r++) {
          let from = pointer(instruction, Pool.Input) + (r * inputWidth + left) * channels + channel;
          for (let c = left; c < right; c++, from += channels) {
            largest = v128.max<u8>(largest, v128.load(from));
          }
        }
        v128.store(to, largest);
      }
    }
  }
}
