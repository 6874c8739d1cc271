/** Sum of two tensors of bytes with different scales, and bytes through a table: residuals and activations. */
import { Add, Table } from "../program/fields";
import { pointer, real, word } from "./instruction";
import { magic, roundingOffset, roundToInteger, toBytes } from "./requantise";

export function add(instruction: usize): void {
  let a = pointer(instruction, Add.A);
  let b = pointer(instruction, Add.B);
  let to = pointer(instruction, Add.Output);
  const end = to + word(instruction, Add.Bytes);
  const scaleA = f32x4.splat(real(instruction, Add.ScaleA));
  const scaleB = f32x4.splat(real(instruction, Add.ScaleB));
  const shift = f32x4.splat(real(instruction, Add.Offset));
  const round = magic();
  const low = i8x16.splat(<i8>word(instruction, Add.Low));
  const high = i8x16.splat(<i8>word(instruction, Add.High));
  for (; to < end; to += 16, a += 16, b += 16) {
    const x0 = v128.load8x8_u(a), x1 = v128.load8x8_u(a, 8);
    const y0 = v128.load8x8_u(b), y1 = v128.load8x8_u(b, 8);
    const s0 = addFour(i32x4.extend_low_i16x8_u(x0), i32x4.extend_low_i16x8_u(y0), scaleA, scaleB, shift, round);
    const s1 = addFour(i32x4.extend_high_i16x8_u(x0), i32x4.extend_high_i16x8_u(y0), scaleA, scaleB, shift, round);
    const s2 = addFour(i32x4.extend_low_i16x8_u(x1), i32x4.extend_low_i16x8_u(y1), scaleA, scaleB, shift, round);
    const s3 = addFour(i32x4.extend_high_i16x8_u(x1), i32x4.extend_high_i16x8_u(y1), scaleA, scaleB, shift, round);
    v128.store(to, toBytes(s0, s1, s2, s3, low, high));
  }
}

// @ts-ignore: decorator
@inline
function addFour(x: v128, y: v128, scaleA: v128, scaleB: v128, shift: v128, round: v128): v128 {
  const scaledX = f32x4.mul(f32x4.convert_i32x4_s(x), scaleA);
  const scaledY = f32x4.mul(f32x4.convert_i32x4_s(y), scaleB);
  return roundToInteger(f32x4.add(f32x4.add(scaledX, scaledY), shift), roundingOffset(0), round);
}

export function table(instruction: usize): void {
  let from = pointer(instruction, Table.Input);
  let to = pointer(instruction, Table.Output);
  const entries = pointer(instruction, Table.Entries);
  const end = to + word(instruction, Table.Bytes);
  for (; to < end; to += 4, from += 4) {
    store<u8>(to, load<u8>(entries + load<u8>(from)));
    store<u8>(to, load<u8>(entries + load<u8>(from, 1)), 1);
    store<u8>(to, load<u8>(entries + load<u8>(from, 2)), 2);
    store<u8>(to, load<u8>(entries + load<u8>(from, 3)), 3);
  }
}
