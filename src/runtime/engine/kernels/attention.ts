/** What attention needs besides the matrix product: softmax, and activations packed as weights. */
import { PackActivations, Softmax } from "../program/fields";
import { pointer, real, word } from "./instruction";
import { magic, roundingOffset, roundToInteger } from "./requantise";

/**
 * Rows of floats to bytes: round(softmax × Scale), at most High. Bytes up to the output's stride become 0. The input
 * is overwritten; its stride leaves room for whole vectors.
 */
export function softmax(instruction: usize): void {
  const count = word(instruction, Softmax.Count);
  const scale = real(instruction, Softmax.Scale);
  const high = f32x4.splat(<f32>word(instruction, Softmax.High));
  const outputStride = pointer(instruction, Softmax.OutputStride);
  let from = pointer(instruction, Softmax.Input);
  let to = pointer(instruction, Softmax.Output);
  for (let row = word(instruction, Softmax.Rows); row > 0; row--) {
    const end = from + (count << 2);
    // Behind the last element: what adds nothing to the sum.
    for (let i = end; i < from + (((count + 3) & ~3) << 2); i += 4) store<f32>(i, -Infinity);
    let most = v128.load(from);
    for (let i = from + 16; i < end; i += 16) most = f32x4.pmax(most, v128.load(i));
    const largest = f32x4.splat(largestLane(most));
    let sums = f32x4.splat(0);
    for (let i = from; i < end; i += 16) {
      const value = v128.load(i);
      const power = v128.andnot(exponential(f32x4.sub(value, largest)), f32x4.eq(value, f32x4.splat(-Infinity)));
      v128.store(i, power);
      sums = f32x4.add(sums, power);
    }
    const sum = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1)
      + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
    const factor = f32x4.splat(scale / sum);
    const offset = roundingOffset(0);
    const round = magic();
    let byte = to;
    for (let i = from; i < end; i += 16, byte += 4) {
      const level = roundToInteger(f32x4.pmin(f32x4.mul(v128.load(i), factor), high), offset, round);
      const words = i16x8.narrow_i32x4_s(level, level);
      v128.store32_lane(byte, i8x16.narrow_i16x8_u(words, words), 0);
    }
    for (; byte < to + outputStride; byte += 4) store<u32>(byte, 0);
    from += pointer(instruction, Softmax.InputStride);
    to += outputStride;
  }
}

// @ts-ignore: decorator
@inline
function largestLane(x: v128): f32 {
  const a = max<f32>(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1));
  return max<f32>(a, max<f32>(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)));
}

/** e^x for x ≤ 0, of IEEE operations only: 2^(x·log₂e), the fraction by a polynomial (relative error below 3e-6). */
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  const power = f32x4.pmax(f32x4.mul(x, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(-126));
  const whole = f32x4.nearest(power);
  const part = f32x4.sub(power, whole);
  let y = f32x4.splat(0.0013333558);
  y = f32x4.add(f32x4.mul(y, part), f32x4.splat(0.0096181291));
  y = f32x4.add(f32x4.mul(y, part), f32x4.splat(0.0555041087));
  y = f32x4.add(f32x4.mul(y, part), f32x4.splat(0.2402265070));
  y = f32x4.add(f32x4.mul(y, part), f32x4.splat(<f32>Math.LN2));
  y = f32x4.add(f32x4.mul(y, part), f32x4.splat(1));
  return f32x4.mul(y, v128.shl<i32>(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23));
}

/** Bytes of one operand to packed int8 weights, and the bias that takes the other operand's zero point out. */
export function packActivations(instruction: usize): void {
  const depth = word(instruction, PackActivations.Depth);
  const columns = word(instruction, PackActivations.Columns);
  const paddedDepth = (depth + 7) & ~7;
  const paddedColumns = (columns + 7) & ~7;
  const depthStride = pointer(instruction, PackActivations.DepthStride);
  const columnStride = pointer(instruction, PackActivations.ColumnStride);
  const zero = word(instruction, PackActivations.Zero);
  const otherZero = word(instruction, PackActivations.OtherZero);
  let input = pointer(instruction, PackActivations.Input);
  let weights = pointer(instruction, PackActivations.Weights);
  let bias = pointer(instruction, PackActivations.Bias);
  for (let batch = word(instruction, PackActivations.Batch); batch > 0; batch--) {
    memory.fill(weights, 0, paddedColumns * paddedDepth);
    for (let column = 0; column < paddedColumns; column++) {
      let sum = 0;
      if (column < columns) {
        const panel = weights + (column >> 3) * (paddedDepth << 3) + ((column & 4) << 3) + ((column & 3) << 2);
        let from = input + column * columnStride;
        for (let k = 0; k < depth; k++, from += depthStride) {
          const value = <i32>load<u8>(from) - zero;
          store<i8>(panel + ((k >> 3) << 6) + ((k & 4) << 2) + (k & 3), <i8>value);
          sum += value;
        }
      }
      store<i32>(bias + (column << 2), -otherZero * sum);
    }
    input += pointer(instruction, PackActivations.InputStep);
    weights += pointer(instruction, PackActivations.WeightsStep);
    bias += pointer(instruction, PackActivations.BiasStep);
  }
}
