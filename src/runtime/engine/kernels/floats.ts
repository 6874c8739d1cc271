/**
 * The few layers that stay in 32-bit floats: normalisations and the last linear layer. Sums run in a fixed order and
 * multiply-adds are never fused, so that every machine gives the same bits.
 */
import { Convert, LayerNorm, Linear, UnitLength } from "../program/fields";
import { pointer, real, word } from "./instruction";

export function layerNorm(instruction: usize): void {
  const count = word(instruction, LayerNorm.Count);
  const gain = pointer(instruction, LayerNorm.Gain);
  const bias = pointer(instruction, LayerNorm.Bias);
  const epsilon = <f64>real(instruction, LayerNorm.Epsilon);
  let from = pointer(instruction, LayerNorm.Input);
  let to = pointer(instruction, LayerNorm.Output);
  for (let row = word(instruction, LayerNorm.Rows); row > 0; row--) {
    let sum: f64 = 0;
    for (let i = 0; i < count; i++) sum += <f64>load<f32>(from + (i << 2));
    const mean = sum / <f64>count;
    let squares: f64 = 0;
    for (let i = 0; i < count; i++) {
      const distance = <f64>load<f32>(from + (i << 2)) - mean;
      squares += distance * distance;
    }
    const factor = 1 / Math.sqrt(squares / <f64>count + epsilon);
    for (let i = 0; i < count; i++) {
      const normal = <f32>((<f64>load<f32>(from + (i << 2)) - mean) * factor);
      store<f32>(to + (i << 2), normal * load<f32>(gain + (i << 2)) + load<f32>(bias + (i << 2)));
    }
    from += count << 2;
    to += count << 2;
  }
}

export function linear(instruction: usize): void {
  const depth = word(instruction, Linear.Depth);
  const columns = word(instruction, Linear.Columns);
  let input = pointer(instruction, Linear.Input);
  let to = pointer(instruction, Linear.Output);
  for (let row = word(instruction, Linear.Rows); row > 0; row--, input += depth << 2) {
    let weights = pointer(instruction, Linear.Weights);
    let scale = pointer(instruction, Linear.Scale);
    let bias = pointer(instruction, Linear.Bias);
    for (let column = 0; column < columns; column += 16, to += 64, scale += 64, bias += 64) {
      let s0 = f32x4.splat(0);
      let s1 = s0, s2 = s0, s3 = s0;
      for (let k = 0; k < depth; k++, weights += 16) {
        const x = v128.load32_splat(input + (k << 2));
        const a = v128.load8x8_s(weights), b = v128.load8x8_s(weights, 8);
        s0 = f32x4.add(s0, f32x4.mul(x, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(a))));
        s1 = f32x4.add(s1, f32x4.mul(x, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(a))));
        s2 = f32x4.add(s2, f32x4.mul(x, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(b))));
        s3 = f32x4.add(s3, f32x4.mul(x, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(b))));
      }
      v128.store(to, f32x4.add(f32x4.mul(s0, v128.load(scale)), v128.load(bias)));
      v128.store(to, f32x4.add(f32x4.mul(s1, v128.load(scale, 16)), v128.load(bias, 16)), 16);
      v128.store(to, f32x4.add(f32x4.mul(s2, v128.load(scale, 32)), v128.load(bias, 32)), 32);
      v128.store(to, f32x4.add(f32x4.mul(s3, v128.load(scale, 48)), v128.load(bias, 48)), 48);
    }
  }
}

export function unitLength(instruction: usize): void {
  const count = word(instruction, UnitLength.Count);
  const smallest = <f64>real(instruction, UnitLength.Smallest);
  let from = pointer(instruction, UnitLength.Input);
  let to = pointer(instruction, UnitLength.Output);
  for (let row = word(instruction, UnitLength.Rows); row > 0; row--) {
    let squares: f64 = 0;
    for (let i = 0; i < count; i++) {
      const value = <f64>load<f32>(from + (i << 2));
      squares += value * value;
    }
    const length = Math.max(Math.sqrt(squares), smallest);
    for (let i = 0; i < count; i++) store<f32>(to + (i << 2), <f32>(<f64>load<f32>(from + (i << 2)) / length));
    from += count << 2;
    to += count << 2;
  }
}

/** Floats to bytes: clamp(round(x × Scale) + Zero, Low, High). */
export function quantise(instruction: usize): void {
  const count = word(instruction, Convert.Count);
  const scale = real(instruction, Convert.Scale);
  const zero = <f32>word(instruction, Convert.Zero);
  const low = <f32>word(instruction, Convert.Low);
  const high = <f32>word(instruction, Convert.High);
  let from = pointer(instruction, Convert.Input);
  let to = pointer(instruction, Convert.Output);
  for (let row = word(instruction, Convert.Rows); row > 0; row--) {
    for (let i = 0; i < count; i++) {
      const value = nearest<f32>(load<f32>(from + (i << 2)) * scale) + zero;
      store<u8>(to + i, <u8>(<i32>min<f32>(max<f32>(value, low), high)));
    }
    from += pointer(instruction, Convert.InputStride);
    to += pointer(instruction, Convert.OutputStride);
  }
}

/** Bytes to floats: (byte − Zero) × Scale. */
export function dequantise(instruction: usize): void {
  const count = word(instruction, Convert.Count);
  const scale = real(instruction, Convert.Scale);
  const zero = word(instruction, Convert.Zero);
  let from = pointer(instruction, Convert.Input);
  let to = pointer(instruction, Convert.Output);
  for (let row = word(instruction, Convert.Rows); row > 0; row--) {
    for (let i = 0; i < count; i++) store<f32>(to + (i << 2), <f32>(<i32>load<u8>(from + i) - zero) * scale);
    from += pointer(instruction, Convert.InputStride);
    to += pointer(instruction, Convert.OutputStride);
  }
}
