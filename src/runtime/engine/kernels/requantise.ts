/**
 * From 32-bit sums to bytes: round(sum × scale) + zero, ties to even, clamped. Every step is an IEEE 754 operation or
 * an integer one, so the result is the same on every machine.
 *
 * Rounding adds 1.5·2²³, where the spacing of floats is 1: the addition itself rounds, and the sum's low bits are the
 * integer. The compiler proves |sum × scale| < 2²² for each layer, within which that holds.
 */

const MAGIC = memory.data<f32>([12582912.0, 12582912.0, 12582912.0, 12582912.0]);
const MAGIC_BITS: i32 = 0x4b400000;

/** 1.5·2²³ four times. From memory: written as a constant, V8 makes it anew for every use. */
// @ts-ignore: decorator
@inline
export function magic(): v128 {
  return v128.load(MAGIC);
}

/** What four sums need besides their scales; made once a layer. */
// @ts-ignore: decorator
@inline
export function roundingOffset(zero: i32): v128 {
  return i32x4.splat(MAGIC_BITS - zero);
}

/** 4 floats to 4 integers plus zero; `offset` of `roundingOffset`, `round` of `magic`. */
// @ts-ignore: decorator
@inline
export function roundToInteger(values: v128, offset: v128, round: v128): v128 {
  return i32x4.sub(f32x4.add(values, round), offset);
}

/** 4 sums to 4 integers: round(sum × scale) + zero. */
// @ts-ignore: decorator
@inline
export function scaleSums(sums: v128, scale: v128, offset: v128, round: v128): v128 {
  return roundToInteger(f32x4.mul(f32x4.convert_i32x4_s(sums), scale), offset, round);
}

/** 16 integers to 16 bytes within [low, high]. */
// @ts-ignore: decorator
@inline
export function toBytes(a: v128, b: v128, c: v128, d: v128, low: v128, high: v128): v128 {
  const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
  return v128.min<u8>(v128.max<u8>(bytes, low), high);
}
