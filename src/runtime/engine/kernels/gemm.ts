/** The packed int8 matrix product: pointwise convolutions, linear layers, attention. */
import { Gemm } from "../program/fields";
import { panels4x8 } from "./gemm-4x8";
import { panels6x8 } from "./gemm-6x8";
import { pointer, word } from "./instruction";
import { oneStep } from "./processor";
import { multiplyWideRows, widen } from "./wide-gemm";

/** Bytes of input and output that a block of rows may have: it stays in the first-level cache while weights pass. */
const BLOCK_BYTES = 16384;
/** Room for a block widened to 16 bits: at least 4 rows of the longest sum, 8192. */
const WIDE = memory.data(65536, 16);

/** Rows that are multiplied together: whole tiles. */
export function blockRows(instruction: usize): i32 {
  const rows = BLOCK_BYTES / (word(instruction, Gemm.Depth) + word(instruction, Gemm.Columns));
  if (oneStep && rows >= 6) return rows / 6 * 6;
  return max(4, rows & ~3);
}

export function gemm(instruction: usize): void {
  const rows = word(instruction, Gemm.Rows);
  const stride = pointer(instruction, Gemm.InputStride);
  const outputStride = pointer(instruction, Gemm.OutputStride);
  const block = blockRows(instruction);
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
  } else if (oneStep) {
    // One to four rows that remain take the smaller tile.
    const tail = rows % 6 < 5 ? rows % 6 : 0;
    const most = rows - tail;
    if (most > 0) panels6x8<i8>(instruction, input, stride, most, output, weights, bias);
    if (tail > 0) {
      const to = output + most * pointer(instruction, Gemm.OutputStride);
      panels4x8<i8>(instruction, input + most * stride, stride, tail, to, weights, bias);
    }
  } else panels4x8<i16>(instruction, input, stride, rows, output, weights, bias);
}
