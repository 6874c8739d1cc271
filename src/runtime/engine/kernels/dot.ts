/**
 * The inner product that every int8 kernel is made of: 16 signed weights × 16 unsigned activations of 7 bits, four
 * neighbours summed into each of four 32-bit lanes.
 */

/**
 * Which instruction the relaxed dot product becomes on this processor. Relaxed SIMD leaves it open what happens when
 * the second operand has its top bit set, so an operand of that kind shows the implementation: 2 × (−128 × 255)
 * saturates at −32768 where the product goes through 16 bits (x86 without AVX-VNNI).
 */
export function multipliesInOneStep(): bool {
  if (ASC_FEATURE_RELAXED_SIMD) {
    const sum = i32x4.relaxed_dot_i8x16_i7x16_add_s(i8x16.splat(-128), opaque(-1), i32x4.splat(0));
    return i32x4.extract_lane(sum, 0) != 2 * -32768;
  }
  return false;
}

/** A splat that the optimiser cannot fold: it would compute the relaxed product in its own way. */
function opaque(value: i32): v128 {
  store<i32>(PROBE, value);
  return v128.load32_splat(PROBE);
}
const PROBE = memory.data(16, 16);

/** Eight 16-bit ones. From memory: written as a constant, V8 makes it anew for every product. */
// @ts-ignore: decorator
@inline
export function ones(): v128 {
  return v128.load(ONES);
}
const ONES = memory.data<i16>([1, 1, 1, 1, 1, 1, 1, 1]);

/**
 * sums + weights · activations. `T` is the way: `i8` in one instruction (Arm, x86 with AVX-VNNI), `i16` through
 * 16-bit sums of two (other x86: V8's own sequence for the one instruction is a third longer).
 * @param one What `ones` returns.
 */
// @ts-ignore: decorator
@inline
export function dot<T>(weights: v128, activations: v128, sums: v128, one: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (sizeof<T>() == 1) return i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, activations, sums);
    const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(weights, activations);
    return i32x4.add(sums, i32x4.dot_i16x8_s(pairs, one));
  }
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(weights), i16x8.extend_low_i8x16_u(activations));
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(weights), i16x8.extend_high_i8x16_u(activations));
  return i32x4.add(sums, addNeighbours(low, high));
}

/** [a0+a1, a2+a3, b0+b1, b2+b3] */
// @ts-ignore: decorator
@inline
export function addNeighbours(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}
