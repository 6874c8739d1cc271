/** Operators on bytes that work element by element, or only move them. */
import { Add, Copy, Resize, ScaleChannels, Table } from "../program/fields.ts";
import type { Instruction, Memory } from "./memory.ts";
import { clamp, nearestEven, requantise, scaled } from "./rounding.ts";

export function add(memory: Memory, { word, real }: Instruction): void {
  for (let i = 0; i < word(Add.Bytes); i++) {
    const a = scaled(memory.byte(word(Add.A) + i), real(Add.ScaleA));
    const b = scaled(memory.byte(word(Add.B) + i), real(Add.ScaleB));
    const sum = Math.fround(Math.fround(a + b) + real(Add.Offset));
    memory.u8[word(Add.Output) + i] = clamp(nearestEven(sum), word(Add.Low), word(Add.High));
  }
}

export function table(memory: Memory, { word }: Instruction): void {
  for (let i = 0; i < word(Table.Bytes); i++) {
    memory.u8[word(Table.Output) + i] = memory.byte(word(Table.Entries) + memory.byte(word(Table.Input) + i));
  }
}

export function scaleChannels(memory: Memory, { word, real }: Instruction): void {
  const channels = word(ScaleChannels.Channels);
  for (let i = 0; i < word(ScaleChannels.Pixels) * channels; i++) {
    const value = memory.byte(word(ScaleChannels.Input) + i) - word(ScaleChannels.InputZero);
    const gate = memory.byte(word(ScaleChannels.Gate) + (i % channels)) - word(ScaleChannels.GateZero);
    const [zero, low, high] = [word(ScaleChannels.Zero), word(ScaleChannels.Low), word(ScaleChannels.High)];
    const byte = requantise(value * gate, real(ScaleChannels.Scale), zero, low, high);
    memory.u8[word(ScaleChannels.Output) + i] = byte;
  }
}

export function resize(memory: Memory, { word }: Instruction): void {
  const [height, width] = [word(Resize.InputHeight), word(Resize.InputWidth)];
  const [channels, factor] = [word(Resize.Channels), word(Resize.Factor)];
  let to = word(Resize.Output);
  for (let y = 0; y < height * factor; y++) {
    for (let x = 0; x < width * factor; x++) {
      const pixel = Math.floor(y / factor) * width + Math.floor(x / factor);
      for (let channel = 0; channel < channels; channel++) {
        memory.u8[to++] = memory.byte(word(Resize.Input) + pixel * channels + channel);
      }
    }
  }
}

export function copy(memory: Memory, { word }: Instruction): void {
  for (let row = 0; row < word(Copy.Rows); row++) {
    const from = word(Copy.Input) + row * word(Copy.InputStride);
    memory.u8.copyWithin(word(Copy.Output) + row * word(Copy.OutputStride), from, from + word(Copy.Bytes));
  }
}
