/** The layers that stay in 32-bit floats; `Math.fround` stands wherever the engine rounds to one. */
import { Convert, LayerNorm, Linear, UnitLength } from "../program/fields.ts";
import type { Instruction, Memory } from "./memory.ts";
import { linearWeight } from "./packing.ts";
import { clamp, nearestEven } from "./rounding.ts";

const { fround } = Math;

export function layerNorm(memory: Memory, { word, real }: Instruction): void {
  const count = word(LayerNorm.Count);
  for (let row = 0; row < word(LayerNorm.Rows); row++) {
    const start = (word(LayerNorm.Input) >> 2) + row * count;
    const values = memory.f32.slice(start, start + count);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / count;
    const factor = 1 / Math.sqrt(variance + real(LayerNorm.Epsilon));
    values.forEach((value, i) => {
      const gained = fround(fround((value - mean) * factor) * memory.float(word(LayerNorm.Gain) + 4 * i));
      memory.f32[(word(LayerNorm.Output) >> 2) + row * count + i] =
        gained + memory.float(word(LayerNorm.Bias) + 4 * i);
    });
  }
}

export function linear(memory: Memory, { word }: Instruction): void {
  const [depth, columns] = [word(Linear.Depth), word(Linear.Columns)];
  for (let row = 0; row < word(Linear.Rows); row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        const weight = memory.signedByte(word(Linear.Weights) + linearWeight(column, k, depth));
        sum = fround(sum + fround(memory.float(word(Linear.Input) + 4 * (row * depth + k)) * weight));
      }
      const product = fround(sum * memory.float(word(Linear.Scale) + 4 * column));
      memory.f32[(word(Linear.Output) >> 2) + row * columns + column] =
        product + memory.float(word(Linear.Bias) + 4 * column);
    }
  }
}

export function unitLength(memory: Memory, { word, real }: Instruction): void {
  const count = word(UnitLength.Count);
  for (let row = 0; row < word(UnitLength.Rows); row++) {
    const start = (word(UnitLength.Input) >> 2) + row * count;
    const values = memory.f32.slice(start, start + count);
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    const length = Math.max(Math.sqrt(squares), real(UnitLength.Smallest));
    memory.f32.set(
      values.map((value) => value / length),
      (word(UnitLength.Output) >> 2) + row * count,
    );
  }
}

export function quantise(memory: Memory, { word, real }: Instruction): void {
  for (let row = 0; row < word(Convert.Rows); row++) {
    for (let i = 0; i < word(Convert.Count); i++) {
      const value = memory.float(word(Convert.Input) + row * word(Convert.InputStride) + 4 * i);
      const level = fround(nearestEven(fround(value * real(Convert.Scale))) + word(Convert.Zero));
      const byte = clamp(level, word(Convert.Low), word(Convert.High));
      memory.u8[word(Convert.Output) + row * word(Convert.OutputStride) + i] = byte;
    }
  }
}

export function dequantise(memory: Memory, { word, real }: Instruction): void {
  for (let row = 0; row < word(Convert.Rows); row++) {
    for (let i = 0; i < word(Convert.Count); i++) {
      const byte = memory.byte(word(Convert.Input) + row * word(Convert.InputStride) + i);
      const to = (word(Convert.Output) + row * word(Convert.OutputStride)) >> 2;
      memory.f32[to + i] = (byte - word(Convert.Zero)) * real(Convert.Scale);
    }
  }
}
