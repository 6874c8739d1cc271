/** How a tile's sums leave the registers. */
import { scaleSums, toBytes } from "./requantise";

/** Two rows of 8 sums to bytes. `c0` and `c1` are the columns' scales, the rest as in `requantise.ts`. */
// @ts-ignore: decorator
@inline
export function storeBytes(
  to0: usize,
  to1: usize,
  s00: v128,
  s01: v128,
  s10: v128,
  s11: v128,
  c0: v128,
  c1: v128,
  offset: v128,
  round: v128,
  low: v128,
  high: v128,
): void {
  const bytes = toBytes(
    scaleSums(s00, c0, offset, round),
    scaleSums(s01, c1, offset, round),
    scaleSums(s10, c0, offset, round),
    scaleSums(s11, c1, offset, round),
    low,
    high,
  );
  v128.store64_lane(to0, bytes, 0);
  v128.store64_lane(to1, bytes, 1);
}

/** One row of 8 sums to floats. */
// @ts-ignore: decorator
@inline
export function storeFloats(to: usize, s0: v128, s1: v128, c0: v128, c1: v128): void {
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s0), c0));
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s1), c1), 16);
}
