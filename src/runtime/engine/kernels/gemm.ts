/** The packed int8 matrix product, its epilogue fused: pointwise convolutions, linear layers, attention. */
import { Gemm, Store } from "../program/fields";
import { addNeighbours, dot, dotPair } from "./dot";
import { pointer, real, word } from "./instruction";
import { roundingOffset, scaleSums, toBytes } from "./requantise";
import { oneStep } from "./processor";

/** Input bytes that a block of rows may have, so that it stays in the first-level cache while weights pass by. */
const BLOCK_BYTES = 16384;
/** Room for a block widened to 16 bits; a block has at least 4 rows of at most `MAX_DEPTH`. */
const WIDE = memory.data(65536, 16);

/** Rows that are multiplied together for a sum length: a multiple of 4. */
export function blockRows(depth: i32): i32 {
  return max(4, (BLOCK_BYTES / depth) & ~3);
}

export function gemm(instruction: usize): void {
  const rows = word(instruction, Gemm.Rows);
  const stride = pointer(instruction, Gemm.InputStride);
  const outputStride = pointer(instruction, Gemm.OutputStride);
  const block = blockRows(word(instruction, Gemm.Depth));
  let input = pointer(instruction, Gemm.Input);
  let output = pointer(instruction, Gemm.Output);
  let weights = pointer(instruction, Gemm.Weights);
  let bias = pointer(instruction, Gemm.Bias);
  for (let batch = word(instruction, Gemm.Batch); batch > 0; batch--) {
    for (let row = 0; row < rows; row += block) {
      const count = min(block, rows - row);
      multiplyRows(instruction, input + row * stride, stride, count, output + row * outputStride, weights, bias);
    }
    input += pointer(instruction, Gemm.InputStep);
    weights += pointer(instruction, Gemm.WeightsStep);
    output += pointer(instruction, Gemm.OutputStep);
    bias += pointer(instruction, Gemm.BiasStep);
  }
}

/** One block of rows of bytes through all columns. */
export function multiplyRows(
  instruction: usize,
  input: usize,
  stride: usize,
  rows: i32,
  output: usize,
  weights: usize,
  bias: usize,
): void {
  const depth = word(instruction, Gemm.Depth);
  if (!ASC_FEATURE_RELAXED_SIMD || word(instruction, Gemm.FullRange)) {
    for (let row = 0; row < rows; row++) widen(input + row * stride, WIDE + row * (depth << 1), depth);
    multiplyWideRows(instruction, WIDE, rows, output, weights, bias);
    return;
  }
  const columns = word(instruction, Gemm.Columns);
  const pairs = pointer(instruction, Gemm.Pairs);
  for (let column = 0; column < columns; column += 8) {
    const panel = weights + column * depth;
    for (let row = 0; row < rows; row += 4) {
      if (oneStep) tile<i8>(instruction, input, stride, row, rows, panel, bias, column, output);
      else if (load<u8>(pairs + (column >> 3))) {
        tilePairs(instruction, input, stride, row, rows, panel, bias, column, output);
      } else tile<i16>(instruction, input, stride, row, rows, panel, bias, column, output);
    }
  }
}

/** 4 rows × 8 columns. Rows beyond the last repeat it: they are computed and written again, the same. */
// @ts-ignore: decorator
@inline
function tile<T>(
  instruction: usize,
  input: usize,
  stride: usize,
  row: i32,
  rows: i32,
  panel: usize,
  bias: usize,
  column: i32,
  output: usize,
): void {
  const last = rows - 1;
  let r0 = input + row * stride;
  let r1 = input + min(row + 1, last) * stride;
  let r2 = input + min(row + 2, last) * stride;
  let r3 = input + min(row + 3, last) * stride;
  const end = r0 + word(instruction, Gemm.Depth);
  let s00 = v128.load(bias + (column << 2));
  let s01 = v128.load(bias + (column << 2), 16);
  let s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
  let w = panel;
  while (r0 < end) {
    let wa = v128.load(w), wb = v128.load(w, 32);
    let x = v128.load32_splat(r0);
    s00 = dot<T>(wa, x, s00); s01 = dot<T>(wb, x, s01);
    x = v128.load32_splat(r1);
    s10 = dot<T>(wa, x, s10); s11 = dot<T>(wb, x, s11);
    x = v128.load32_splat(r2);
    s20 = dot<T>(wa, x, s20); s21 = dot<T>(wb, x, s21);
    x = v128.load32_splat(r3);
    s30 = dot<T>(wa, x, s30); s31 = dot<T>(wb, x, s31);
    wa = v128.load(w, 16); wb = v128.load(w, 48);
    x = v128.load32_splat(r0, 4);
    s00 = dot<T>(wa, x, s00); s01 = dot<T>(wb, x, s01);
    x = v128.load32_splat(r1, 4);
    s10 = dot<T>(wa, x, s10); s11 = dot<T>(wb, x, s11);
    x = v128.load32_splat(r2, 4);
    s20 = dot<T>(wa, x, s20); s21 = dot<T>(wb, x, s21);
    x = v128.load32_splat(r3, 4);
    s30 = dot<T>(wa, x, s30); s31 = dot<T>(wb, x, s31);
    r0 += 8; r1 += 8; r2 += 8; r3 += 8; w += 64;
  }
  storeTile(instruction, output, row, rows, column, s00, s01, s10, s11, s20, s21, s30, s31);
}

/** As `tile`, where 16-bit lanes have room for the products of 8 neighbours: a quarter fewer multiplications. */
// @ts-ignore: decorator
@inline
function tilePairs(
  instruction: usize,
  input: usize,
  stride: usize,
  row: i32,
  rows: i32,
  panel: usize,
  bias: usize,
  column: i32,
  output: usize,
): void {
  const last = rows - 1;
  let r0 = input + row * stride;
  let r1 = input + min(row + 1, last) * stride;
  let r2 = input + min(row + 2, last) * stride;
  let r3 = input + min(row + 3, last) * stride;
  const end = r0 + word(instruction, Gemm.Depth);
  let s00 = v128.load(bias + (column << 2));
  let s01 = v128.load(bias + (column << 2), 16);
  let s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
  let w = panel;
  // Loading each activation twice is cheaper than keeping it: 15 registers hold 8 sums, 2 weights and the rest.
  while (r0 < end) {
    let wa = v128.load(w), wb = v128.load(w, 16);
    s00 = dotPair(wa, v128.load32_splat(r0), wb, v128.load32_splat(r0, 4), s00);
    s10 = dotPair(wa, v128.load32_splat(r1), wb, v128.load32_splat(r1, 4), s10);
    s20 = dotPair(wa, v128.load32_splat(r2), wb, v128.load32_splat(r2, 4), s20);
    s30 = dotPair(wa, v128.load32_splat(r3), wb, v128.load32_splat(r3, 4), s30);
    wa = v128.load(w, 32); wb = v128.load(w, 48);
    s01 = dotPair(wa, v128.load32_splat(r0), wb, v128.load32_splat(r0, 4), s01);
    s11 = dotPair(wa, v128.load32_splat(r1), wb, v128.load32_splat(r1, 4), s11);
    s21 = dotPair(wa, v128.load32_splat(r2), wb, v128.load32_splat(r2, 4), s21);
    s31 = dotPair(wa, v128.load32_splat(r3), wb, v128.load32_splat(r3, 4), s31);
    r0 += 8; r1 += 8; r2 += 8; r3 += 8; w += 64;
  }
  storeTile(instruction, output, row, rows, column, s00, s01, s10, s11, s20, s21, s30, s31);
}

/** One block of rows of 16-bit integers through all columns: exact for activations of 8 bits. */
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
  for (let column = 0; column < columns; column += 8) {
    for (let row = 0; row < rows; row += 2) {
      wideTile(instruction, wide, row, rows, depth, weights + column * depth, bias, column, output);
    }
  }
}

/** 2 rows × 8 columns; a sum holds two columns' partial sums until the end. */
// @ts-ignore: decorator
@inline
function wideTile(
  instruction: usize,
  wide: usize,
  row: i32,
  rows: i32,
  depth: i32,
  panel: usize,
  bias: usize,
  column: i32,
  output: usize,
): void {
  const bytes = <usize>depth << 1;
  let r0 = wide + row * bytes;
  let r1 = wide + min(row + 1, rows - 1) * bytes;
  const end = r0 + bytes;
  let s00 = i32x4.splat(0);
  let s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
  let w = panel;
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
  const b0 = v128.load(bias + (column << 2)), b1 = v128.load(bias + (column << 2), 16);
  s00 = i32x4.add(b0, addNeighbours(s00, s01));
  s01 = i32x4.add(b1, addNeighbours(s02, s03));
  s10 = i32x4.add(b0, addNeighbours(s10, s11));
  s11 = i32x4.add(b1, addNeighbours(s12, s13));
  storeTile(instruction, output, row, min(rows, row + 2), column, s00, s01, s10, s11, s10, s11, s10, s11);
}

// @ts-ignore: decorator
@inline
function dotWide(weights: v128, activations: v128, sums: v128): v128 {
  return i32x4.add(sums, i32x4.dot_i16x8_s(weights, activations));
}

/** `count` bytes (a multiple of 8) to 16-bit integers. */
// @ts-ignore: decorator
@inline
function widen(from: usize, to: usize, count: i32): void {
  for (const end = from + count; from < end; from += 8, to += 16) v128.store(to, v128.load8x8_u(from));
}

/** The epilogue: 4 rows × 8 sums to bytes or floats. */
// @ts-ignore: decorator
@inline
function storeTile(
  instruction: usize,
  output: usize,
  row: i32,
  rows: i32,
  column: i32,
  s00: v128,
  s01: v128,
  s10: v128,
  s11: v128,
  s20: v128,
  s21: v128,
  s30: v128,
  s31: v128,
): void {
  const scale = pointer(instruction, Gemm.Scale) + (column << 2);
  const c0 = v128.load(scale), c1 = v128.load(scale, 16);
  const stride = pointer(instruction, Gemm.OutputStride);
  const last = rows - 1;
  if (word(instruction, Gemm.Store) == Store.Float) {
    output += <usize>column << 2;
    storeFloats(output + row * stride, s00, s01, c0, c1);
    storeFloats(output + min(row + 1, last) * stride, s10, s11, c0, c1);
    storeFloats(output + min(row + 2, last) * stride, s20, s21, c0, c1);
    storeFloats(output + min(row + 3, last) * stride, s30, s31, c0, c1);
    return;
  }
  const offset = roundingOffset(word(instruction, Gemm.Zero));
  const low = i8x16.splat(<i8>word(instruction, Gemm.Low));
  const high = i8x16.splat(<i8>word(instruction, Gemm.High));
  output += column;
  const top = toBytes(
    scaleSums(s00, c0, offset), scaleSums(s01, c1, offset),
    scaleSums(s10, c0, offset), scaleSums(s11, c1, offset), low, high,
  );
  v128.store64_lane(output + row * stride, top, 0);
  v128.store64_lane(output + min(row + 1, last) * stride, top, 1);
  const bottom = toBytes(
    scaleSums(s20, c0, offset), scaleSums(s21, c1, offset),
    scaleSums(s30, c0, offset), scaleSums(s31, c1, offset), low, high,
  );
  v128.store64_lane(output + min(row + 2, last) * stride, bottom, 0);
  v128.store64_lane(output + min(row + 3, last) * stride, bottom, 1);
}

// @ts-ignore: decorator
@inline
function storeFloats(to: usize, s0: v128, s1: v128, c0: v128, c1: v128): void {
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s0), c0));
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(s1), c1), 16);
}
