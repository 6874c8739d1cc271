/** Tiles of 4 rows × 8 columns, columns outside: 8 sums, 2 weights, 1 activation of the 15 registers. */
import { Gemm, Store } from "../program/fields";
import { dot, ones } from "./dot";
import { storeBytes, storeFloats } from "./epilogue";
import { pointer, word } from "./instruction";
import { magic, roundingOffset } from "./requantise";

export function panels4x8<T>(
  instruction: usize,
  input: usize,
  stride: usize,
  rows: i32,
  output: usize,
  weights: usize,
  bias: usize,
): void {
  const depth = word(instruction, Gemm.Depth);
  const columns = word(instruction, Gemm.Columns);
  const one = ones();
  const last = rows - 1;
  const floats = word(instruction, Gemm.Store) == Store.Float;
  const outputStride = pointer(instruction, Gemm.OutputStride);
  const round = magic();
  const offset = roundingOffset(word(instruction, Gemm.Zero));
  const low = i8x16.splat(<i8>word(instruction, Gemm.Low));
  const high = i8x16.splat(<i8>word(instruction, Gemm.High));
  let scale = pointer(instruction, Gemm.Scale);
  for (let column = 0; column < columns; column += 8, bias += 32, scale += 32, weights += depth << 3) {
    const b0 = v128.load(bias), b1 = v128.load(bias, 16);
    const c0 = v128.load(scale), c1 = v128.load(scale, 16);
    let to = output + (floats ? column << 2 : column);
    let from = input;
    let d1 = stride, d2 = stride, d3 = stride, e1 = outputStride, e2 = outputStride, e3 = outputStride;
    for (let row = 0; row < rows; row += 4, from += stride << 2) {
      if (row + 3 > last) {
        // Rows beyond the last repeat it: they are computed and written again, the same.
        if (row + 1 > last) d1 = e1 = 0;
        if (row + 2 > last) d2 = e2 = 0;
        d3 = e3 = 0;
      }
      let r0 = from, r1 = r0 + d1, r2 = r1 + d2, r3 = r2 + d3;
      const end = r0 + depth;
      let s00 = b0, s01 = b1, s10 = b0, s11 = b1, s20 = b0, s21 = b1, s30 = b0, s31 = b1;
      let w = weights;
      while (r0 < end) {
        let wa = v128.load(w), wb = v128.load(w, 32);
        let x = v128.load32_splat(r0);
        s00 = dot<T>(wa, x, s00, one); s01 = dot<T>(wb, x, s01, one);
        x = v128.load32_splat(r1);
        s10 = dot<T>(wa, x, s10, one); s11 = dot<T>(wb, x, s11, one);
        x = v128.load32_splat(r2);
        s20 = dot<T>(wa, x, s20, one); s21 = dot<T>(wb, x, s21, one);
        x = v128.load32_splat(r3);
        s30 = dot<T>(wa, x, s30, one); s31 = dot<T>(wb, x, s31, one);
        wa = v128.load(w, 16); wb = v128.load(w, 48);
        x = v128.load32_splat(r0, 4);
        s00 = dot<T>(wa, x, s00, one); s01 = dot<T>(wb, x, s01, one);
        x = v128.load32_splat(r1, 4);
        s10 = dot<T>(wa, x, s10, one); s11 = dot<T>(wb, x, s11, one);
        x = v128.load32_splat(r2, 4);
        s20 = dot<T>(wa, x, s20, one); s21 = dot<T>(wb, x, s21, one);
        x = v128.load32_splat(r3, 4);
        s30 = dot<T>(wa, x, s30, one); s31 = dot<T>(wb, x, s31, one);
        r0 += 8; r1 += 8; r2 += 8; r3 += 8; w += 64;
      }
      const t0 = to, t1 = t0 + e1, t2 = t1 + e2, t3 = t2 + e3;
      to += outputStride << 2;
      if (floats) {
        storeFloats(t0, s00, s01, c0, c1);
        storeFloats(t1, s10, s11, c0, c1);
        storeFloats(t2, s20, s21, c0, c1);
        storeFloats(t3, s30, s31, c0, c1);
      } else {
        storeBytes(t0, t1, s00, s01, s10, s11, c0, c1, offset, round, low, high);
        storeBytes(t2, t3, s20, s21, s30, s31, c0, c1, offset, round, low, high);
      }
    }
  }
}
