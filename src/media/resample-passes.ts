/**
 * The inner loops of resizing. Pixels are words, 0xAABBGGRR: one load instead of three, which is what these loops
 * spend their time on. The fourth byte is ignored.
 */
import { PRECISION_BITS, type ResampleWeights } from "./resample-weights.ts";

const HALF = 1 << (PRECISION_BITS - 1);

/** Horizontal pass over one row, `weights.starts.length` pixels out. */
export function narrowRow(
  source: Int32Array,
  start: number,
  { starts, counts, stride, values }: ResampleWeights,
  out: Int32Array,
  outStart: number,
): void {
  for (let x = 0; x < starts.length; x++) {
    let from = start + starts[x]!;
    let k = x * stride;
    const end = k + counts[x]!;
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    for (; k < end; k++, from++) {
      const weight = values[k]!;
      const pixel = source[from]!;
      red = (red + Math.imul(pixel & 255, weight)) | 0;
      green = (green + Math.imul((pixel >>> 8) & 255, weight)) | 0;
      blue = (blue + Math.imul((pixel >>> 16) & 255, weight)) | 0;
    }
    out[outStart + x] = pack(red, green, blue);
  }
}

/** {@link narrowRow} of two rows at once, `sourceStride` words apart: weights are loaded once for both. */
export function narrowTwoRows(
  source: Int32Array,
  start: number,
  sourceStride: number,
  { starts, counts, stride, values }: ResampleWeights,
  out: Int32Array,
  outStart: number,
): void {
  for (let x = 0; x < starts.length; x++) {
    let upper = start + starts[x]!;
    let lower = upper + sourceStride;
    let k = x * stride;
    const end = k + counts[x]!;
    let upperRed = HALF;
    let upperGreen = HALF;
    let upperBlue = HALF;
    let lowerRed = HALF;
    let lowerGreen = HALF;
    let lowerBlue = HALF;
    for (; k < end; k++, upper++, lower++) {
      const weight = values[k]!;
      const above = source[upper]!;
      const below = source[lower]!;
      upperRed = (upperRed + Math.imul(above & 255, weight)) | 0;
      upperGreen = (upperGreen + Math.imul((above >>> 8) & 255, weight)) | 0;
      upperBlue = (upperBlue + Math.imul((above >>> 16) & 255, weight)) | 0;
      lowerRed = (lowerRed + Math.imul(below & 255, weight)) | 0;
      lowerGreen = (lowerGreen + Math.imul((below >>> 8) & 255, weight)) | 0;
      lowerBlue = (lowerBlue + Math.imul((below >>> 16) & 255, weight)) | 0;
    }
    out[outStart + x] = pack(upperRed, upperGreen, upperBlue);
    out[outStart + starts.length + x] = pack(lowerRed, lowerGreen, lowerBlue);
  }
}

/** Vertical pass for output row `y`: `width` pixels from the rows that start at `start`. */
export function shortenRows(
  source: Int32Array,
  start: number,
  sourceStride: number,
  width: number,
  { counts, stride, values }: ResampleWeights,
  y: number,
  out: Int32Array,
  outStart: number,
): void {
  const firstWeight = y * stride;
  const endWeight = firstWeight + counts[y]!;
  for (let x = 0; x < width; x++) {
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    for (let k = firstWeight, from = start + x; k < endWeight; k++, from += sourceStride) {
      const weight = values[k]!;
      const pixel = source[from]!;
      red = (red + Math.imul(pixel & 255, weight)) | 0;
      green = (green + Math.imul((pixel >>> 8) & 255, weight)) | 0;
      blue = (blue + Math.imul((pixel >>> 16) & 255, weight)) | 0;
    }
    out[outStart + x] = pack(red, green, blue);
  }
}

/** Weights are not negative and add up to one, so no channel leaves 0…255. */
function pack(red: number, green: number, blue: number): number {
  return (red >> PRECISION_BITS) | ((green >> PRECISION_BITS) << 8) | ((blue >> PRECISION_BITS) << 16);
}
