/** Average and maximum over windows, clipped to the picture. */
import { Pool, Store } from "../program/fields.ts";
import type { Instruction, Memory } from "./memory.ts";
import { requantise, scaled } from "./rounding.ts";

/** Calls back for each output element with its number, its channel and the bytes of its window. */
function windows(
  memory: Memory,
  { word }: Instruction,
  visit: (index: number, bytes: readonly number[]) => void,
): void {
  const channels = word(Pool.Channels);
  let index = 0;
  for (let y = 0; y < word(Pool.OutputHeight); y++) {
    for (let x = 0; x < word(Pool.OutputWidth); x++) {
      const top = y * word(Pool.Stride) - word(Pool.PadTop);
      const left = x * word(Pool.Stride) - word(Pool.PadLeft);
      for (let channel = 0; channel < channels; channel++) {
        const bytes: number[] = [];
        for (let r = top; r < top + word(Pool.KernelHeight); r++) {
          for (let c = left; c < left + word(Pool.KernelWidth); c++) {
            if (r < 0 || r >= word(Pool.InputHeight) || c < 0 || c >= word(Pool.InputWidth)) continue;
            bytes.push(memory.byte(word(Pool.Input) + (r * word(Pool.InputWidth) + c) * channels + channel));
          }
        }
        visit(index++, bytes);
      }
    }
  }
}

export function averagePool(memory: Memory, instruction: Instruction): void {
  const { word, real } = instruction;
  windows(memory, instruction, (index, bytes) => {
    const sum = bytes.reduce((total, byte) => total + byte - word(Pool.InputZero), 0);
    const scale = Math.fround(real(Pool.Scale) / bytes.length);
    if (word(Pool.Store) === Store.Float) memory.f32[(word(Pool.Output) >> 2) + index] = scaled(sum, scale);
    else {
      const byte = requantise(sum, scale, word(Pool.Zero), word(Pool.Low), word(Pool.High));
      memory.u8[word(Pool.Output) + index] = byte;
    }
  });
}

export function maxPool(memory: Memory, instruction: Instruction): void {
  windows(memory, instruction, (index, bytes) => {
    memory.u8[instruction.word(Pool.Output) + index] = Math.max(0, ...bytes);
  });
}
