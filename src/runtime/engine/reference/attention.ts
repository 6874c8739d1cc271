/** Softmax, and activations packed as weights. */
import { PackActivations, Softmax } from "../program/fields.ts";
import type { Instruction, Memory } from "./memory.ts";
import { gemmWeight } from "./packing.ts";
import { nearestEven } from "./rounding.ts";

const { fround } = Math;

/** Coefficients of 2^x for |x| ≤ ½, the highest power first, as 32-bit floats. */
const POWER_OF_TWO = [0.0013333558, 0.0096181291, 0.0555041087, 0.240226507, Math.LN2, 1].map(fround);
const LOG2_E = fround(Math.LOG2E);

/** e^x for x ≤ 0, rounded to a 32-bit float after every operation. */
function exponential(x: number): number {
  const power = Math.max(fround(x * LOG2_E), -126);
  const whole = nearestEven(power);
  const part = fround(power - whole);
  const fraction = POWER_OF_TWO.reduce((y, coefficient) => fround(fround(y * part) + coefficient));
  return fround(fraction * 2 ** whole);
}

export function softmax(memory: Memory, { word, real }: Instruction): void {
  const count = word(Softmax.Count);
  for (let row = 0; row < word(Softmax.Rows); row++) {
    const start = (word(Softmax.Input) + row * word(Softmax.InputStride)) >> 2;
    const values = memory.f32.subarray(start, start + count);
    const largest = Math.max(...values);
    // Four sums side by side, as the lanes of a vector.
    const sums = [0, 0, 0, 0];
    values.forEach((value, i) => {
      const power = exponential(fround(value - largest));
      values[i] = power;
      sums[i & 3] = fround(sums[i & 3]! + power);
    });
    const sum = fround(fround(sums[0]! + sums[1]!) + fround(sums[2]! + sums[3]!));
    const factor = fround(real(Softmax.Scale) / sum);
    const to = word(Softmax.Output) + row * word(Softmax.OutputStride);
    memory.u8.fill(0, to, to + word(Softmax.OutputStride));
    values.forEach((power, i) => {
      memory.u8[to + i] = Math.min(nearestEven(fround(power * factor)), word(Softmax.High));
    });
  }
}

export function packActivations(memory: Memory, { word }: Instruction): void {
  const [depth, columns] = [word(PackActivations.Depth), word(PackActivations.Columns)];
  const paddedDepth = (depth + 7) & ~7;
  for (let batch = 0; batch < word(PackActivations.Batch); batch++) {
    const input = word(PackActivations.Input) + batch * word(PackActivations.InputStep);
    const weights = word(PackActivations.Weights) + batch * word(PackActivations.WeightsStep);
    const bias = word(PackActivations.Bias) + batch * word(PackActivations.BiasStep);
    for (let column = 0; column < ((columns + 7) & ~7); column++) {
      let sum = 0;
      for (let k = 0; k < paddedDepth; k++) {
        const inside = column < columns && k < depth;
        const from =
          input + k * word(PackActivations.DepthStride) + column * word(PackActivations.ColumnStride);
        const value = inside ? memory.byte(from) - word(PackActivations.Zero) : 0;
        memory.i8[weights + gemmWeight(column, k, paddedDepth)] = value;
        sum += value;
      }
      memory.i32[(bias >> 2) + column] = -word(PackActivations.OtherZero) * sum;
    }
  }
}
