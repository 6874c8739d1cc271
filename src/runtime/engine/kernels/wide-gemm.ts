/**
 * The matrix product of 16-bit activations: exact for pixels of 8 bits, and the only product of the build without
 * relaxed SIMD.
 */
import { Gemm, Store } from "../program/fields";
import { addNeighbours } from "./dot";
import { storeBytes, storeFloats } from "./epilogue";
import { pointer, word } from "./instruction";
import { magic, roundingOffset } from "./requantise";

/** `count` bytes (a multiple of 8) to 16-bit integers. */
export function widen(from: usize, to: usize, count: i32): void {
  for (const end = from + count; from < end; from += 8, to += 16) v128.store(to, v128.load8x8_u(from));
}

/** One block of rows through all columns: tiles of 2 rows × 8, a register holding two columns' halves till the end. */
export function multiplyWideRows(
  instruction: usize,
  wide: usize,
  rows: i32,
  output: usize,
  weights: usize,
  bias: usize,
): void {
  const depth = word(instruction, Gemm.Depth);
  const columns = word(instruction, Gemm.Columns);
  const bytes = <usize>depth << 1;
  const floats = word(instruction, Gemm.Store) == Store.Float;
  const outputStride = pointer(instruction, Gemm.OutputStride);
  const round = magic();
  const offset = roundingOffset(word(instruction, Gemm.Zero));
  const low = i8x16.splat(<i8>word(instruction, Gemm.Low));
  const high = i8x16.splat(<i8>word(instruction, Gemm.High));
  let scale = pointer(instruction, Gemm.Scale);
  for (let column = 0; column < columns; column += 8, bias += 32, scale += 32, weights += depth << 3) {
    const to = output + (floats ? column << 2 : column);
    for (let row = 0; row < rows; row += 2) {
      const next = min(row + 1, rows - 1);
      let r0 = wide + row * bytes, r1 = wide + next * bytes;
      const end = r0 + bytes;
      let s00 = i32x4.splat(0);
      let s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
      let w = weights;
      while (r0 < end) {
        let x = v128.load64_splat(r0), y = v128.load64_splat(r1);
        let k = v128.load8x8_s(w);
        s00 = dotWide(k, x, s00); s10 = dotWide(k, y, s10);
        k = v128.load8x8_s(w, 8);
        s01 = dotWide(k, x, s01); s11 = dotWide(k, y, s11);
        k = v128.load8x8_s(w, 32);
        s02 = dotWide(k, x, s02); s12 = dotWide(k, y, s12);
        k = v128.load8x8_s(w, 40);
        s03 = dotWide(k, x, s03); s13 = dotWide(k, y, s13);
        x = v128.load64_splat(r0, 8); y = v128.load64_splat(r1, 8);
        k = v128.load8x8_s(w, 16);
        s00 = dotWide(k, x, s00); s10 = dotWide(k, y, s10);
        k = v128.load8x8_s(w, 24);
        s01 = dotWide(k, x, s01); s11 = dotWide(k, y, s11);
        k = v128.load8x8_s(w, 48);
        s02 = dotWide(k, x, s02); s12 = dotWide(k, y, s12);
        k = v128.load8x8_s(w, 56);
        s03 = dotWide(k, x, s03); s13 = dotWide(k, y, s13);
        r0 += 16; r1 += 16; w += 64;
      }
      const b0 = v128.load(bias), b1 = v128.load(bias, 16);
      const c0 = v128.load(scale), c1 = v128.load(scale, 16);
      s00 = i32x4.add(b0, addNeighbours(s00, s01));
      s01 = i32x4.add(b1, addNeighbours(s02, s03));
      s10 = i32x4.add(b0, addNeighbours(s10, s11));
      s11 = i32x4.add(b1, addNeighbours(s12, s13));
      const t0 = to + row * outputStride, t1 = to + next * outputStride;
      if (floats) {
        storeFloats(t0, s00, s01, c0, c1);
        storeFloats(t1, s10, s11, c0, c1);
      } else storeBytes(t0, t1, s00, s01, s10, s11, c0, c1, offset, round, low, high);
    }
  }
}

// @ts-ignore: decorator
@inline
function dotWide(weights: v128, activations: v128, sums: v128): v128 {
  return i32x4.add(sums, i32x4.dot_i16x8_s(weights, activations));
}
