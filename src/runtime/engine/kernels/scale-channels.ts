/** Each channel times its gate: the end of squeeze-and-excitation. */
import { ScaleChannels } from "../program/fields";
import { pointer, real, word } from "./instruction";
import { magic, roundingOffset, scaleSums, toBytes } from "./requantise";

export function scaleChannels(instruction: usize): void {
  const channels = word(instruction, ScaleChannels.Channels);
  const gates = pointer(instruction, ScaleChannels.Gate);
  const inputZero = i16x8.splat(<i16>word(instruction, ScaleChannels.InputZero));
  const gateZero = i16x8.splat(<i16>word(instruction, ScaleChannels.GateZero));
  const scale = f32x4.splat(real(instruction, ScaleChannels.Scale));
  const round = magic();
  const offset = roundingOffset(word(instruction, ScaleChannels.Zero));
  const low = i8x16.splat(<i8>word(instruction, ScaleChannels.Low));
  const high = i8x16.splat(<i8>word(instruction, ScaleChannels.High));
  let from = pointer(instruction, ScaleChannels.Input);
  let to = pointer(instruction, ScaleChannels.Output);
  for (let pixel = word(instruction, ScaleChannels.Pixels); pixel > 0; pixel--) {
    for (let channel = 0; channel < channels; channel += 16, from += 16, to += 16) {
      const a = i16x8.sub(v128.load8x8_u(from), inputZero);
      const b = i16x8.sub(v128.load8x8_u(from, 8), inputZero);
      const c = i16x8.sub(v128.load8x8_u(gates + channel), gateZero);
      const d = i16x8.sub(v128.load8x8_u(gates + channel, 8), gateZero);
      const s0 = scaleSums(i32x4.extmul_low_i16x8_s(a, c), scale, offset, round);
      const s1 = scaleSums(i32x4.extmul_high_i16x8_s(a, c), scale, offset, round);
      const s2 = scaleSums(i32x4.extmul_low_i16x8_s(b, d), scale, offset, round);
      const s3 = scaleSums(i32x4.extmul_high_i16x8_s(b, d), scale, offset, round);
      v128.store(to, toBytes(s0, s1, s2, s3, low, high));
    }
  }
}
