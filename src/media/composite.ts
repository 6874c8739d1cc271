/** Transparent pixels over a background. Pixels are words, 0xAABBGGRR. */
import type { Picture } from "./picture.ts";
import { words } from "./pixels.ts";
import type { Rgb } from "./resample.ts";

/** Whether every alpha is 255. */
export function isOpaque(picture: Picture): boolean {
  for (const pixel of words(picture)) if (pixel >>> 24 !== 255) return false;
  return true;
}

/** Writes `width` pixels from `start` on, over the background, rounded as Pillow's `paste(image, mask)`. */
export function compositeRow(
  source: Int32Array,
  start: number,
  [red, green, blue]: Rgb,
  out: Int32Array,
  outStart: number,
  width: number,
): void {
  for (let x = 0; x < width; x++) {
    const pixel = source[start + x]!;
    const alpha = pixel >>> 24;
    const rest = 255 - alpha;
    out[outStart + x] =
      divideBy255((pixel & 255) * alpha + red * rest) |
      (divideBy255(((pixel >>> 8) & 255) * alpha + green * rest) << 8) |
      (divideBy255(((pixel >>> 16) & 255) * alpha + blue * rest) << 16);
  }
}

/** Exact rounded division of 0…255². */
function divideBy255(value: number): number {
  const shifted = value + 128;
  return ((shifted >> 8) + shifted) >> 8;
}
