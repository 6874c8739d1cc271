/** Transparent pixels over a background. */
import type { Rgb } from "./resample.ts";

/** Whether all `width` pixels from byte `start` on have an alpha of 255. */
export function isOpaqueRow(data: Uint8ClampedArray, start: number, width: number): boolean {
  const end = start + width * 4;
  for (let at = start + 3; at < end; at += 4) if (data[at] !== 255) return false;
  return true;
}

/** Fills `out` (RGBA) with pixels from byte `start` on over the background, rounded as Pillow's `paste(mask)`. */
export function compositeRow(
  data: Uint8ClampedArray,
  start: number,
  background: Rgb,
  out: Uint8ClampedArray,
): void {
  for (let from = start, to = 0; to < out.length; from += 4, to += 4) {
    const alpha = data[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const sum = data[from + channel]! * alpha + background[channel]! * (255 - alpha) + 128;
      out[to + channel] = ((sum >> 8) + sum) >> 8;
    }
    out[to + 3] = 255;
  }
}
