/** Kernels that only move bytes: nearest-neighbour enlargement, concatenation, slices. */
import { Copy, Resize } from "../program/fields";
import { pointer, word } from "./instruction";

export function resize(instruction: usize): void {
  const height = word(instruction, Resize.InputHeight);
  const width = word(instruction, Resize.InputWidth);
  const channels = word(instruction, Resize.Channels);
  const factor = word(instruction, Resize.Factor);
  const line = width * factor * channels;
  let from = pointer(instruction, Resize.Input);
  let to = pointer(instruction, Resize.Output);
  for (let y = 0; y < height; y++) {
    const first = to;
    for (let x = 0; x < width; x++, from += channels) {
      for (let i = 0; i < factor; i++, to += channels) memory.copy(to, from, channels);
    }
    for (let i = 1; i < factor; i++, to += line) memory.copy(to, first, line);
  }
}

export function copy(instruction: usize): void {
  const bytes = pointer(instruction, Copy.Bytes);
  let from = pointer(instruction, Copy.Input);
  let to = pointer(instruction, Copy.Output);
  for (let row = word(instruction, Copy.Rows); row > 0; row--) {
    if (bytes & 15) memory.copy(to, from, bytes);
    else for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, v128.load(from + i));
    from += pointer(instruction, Copy.InputStride);
    to += pointer(instruction, Copy.OutputStride);
  }
}
