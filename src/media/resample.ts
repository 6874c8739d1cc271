/**
 * Resizing, equal to Pillow's `Image.resize(size, BILINEAR, box)` on 8-bit RGB: two passes, first horizontal,
 * then vertical, with fixed-point weights and 8-bit values between them.
 */
import { compositeRow, isOpaqueRow } from "./composite.ts";
import type { Picture } from "./picture.ts";
import { PRECISION_BITS, type ResampleWeights, resampleWeights } from "./resample-weights.ts";

export type Rgb = readonly [number, number, number];

/** A rectangle in pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ResampleJob {
  readonly picture: Picture;
  /** Whole pixels that exist for this job: what lies outside does not even bleed in at the edges. */
  readonly region: Rectangle;
  /** The part of the region that fills the result; may be fractional. */
  readonly box: Rectangle;
  /** RGB behind transparent pixels; alpha is composited before resizing. */
  readonly background: Rgb;
}

/** Where a result goes: packed RGB bytes. */
export interface ResampleTarget {
  readonly data: Uint8Array;
  /** Byte of the first pixel, and bytes from one row to the next. */
  readonly offset: number;
  readonly rowBytes: number;
  /** Pixels of the result. */
  readonly width: number;
  readonly height: number;
}

const HALF = 1 << (PRECISION_BITS - 1);

/** Resizes a part of a picture into a target. */
export function resample({ picture, region, box, background }: ResampleJob, target: ResampleTarget): void {
  const across = resampleWeights(region.width, box.x, box.x + box.width, target.width);
  const down = resampleWeights(region.height, box.y, box.y + box.height, target.height);
  const first = down.starts[0]!;
  const last = down.starts[target.height - 1]! + down.counts[target.height - 1]!;
  const narrowed = new Uint8Array((last - first) * target.width * 3);
  const composited = picture.opaque ? undefined : new Uint8ClampedArray(region.width * 4);
  for (let row = first; row < last; row++) {
    let pixels = picture.data;
    let start = ((region.y + row) * picture.width + region.x) * 4;
    if (composited && !isOpaqueRow(pixels, start, region.width)) {
      compositeRow(pixels, start, background, composited);
      pixels = composited;
      start = 0;
    }
    narrowRow(pixels, start, across, narrowed, (row - first) * target.width * 3, target.width);
  }
  shortenColumns(narrowed, first, down, target);
}

/** Horizontal pass over one row: RGBA in, RGB out. */
function narrowRow(
  source: Uint8ClampedArray,
  sourceStart: number,
  { starts, counts, stride, values }: ResampleWeights,
  out: Uint8Array,
  outStart: number,
  width: number,
): void {
  for (let x = 0, to = outStart; x < width; x++, to += 3) {
    let from = sourceStart + starts[x]! * 4;
    let k = x * stride;
    const end = k + counts[x]!;
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    for (; k < end; k++, from += 4) {
      const weight = values[k]!;
      red = (red + Math.imul(source[from]!, weight)) | 0;
      green = (green + Math.imul(source[from + 1]!, weight)) | 0;
      blue = (blue + Math.imul(source[from + 2]!, weight)) | 0;
    }
    out[to] = red >> PRECISION_BITS;
    out[to + 1] = green >> PRECISION_BITS;
    out[to + 2] = blue >> PRECISION_BITS;
  }
}

/** Vertical pass, row by row so that memory is read in order. */
function shortenColumns(
  source: Uint8Array,
  firstRow: number,
  { starts, counts, stride, values }: ResampleWeights,
  target: ResampleTarget,
): void {
  const length = target.width * 3;
  const sums = new Int32Array(length);
  for (let y = 0; y < target.height; y++) {
    sums.fill(HALF);
    for (let k = 0; k < counts[y]!; k++) {
      const weight = values[y * stride + k]!;
      const from = (starts[y]! - firstRow + k) * length;
      for (let i = 0; i < length; i++) sums[i] = sums[i]! + Math.imul(source[from + i]!, weight);
    }
    const to = target.offset + y * target.rowBytes;
    for (let i = 0; i < length; i++) target.data[to + i] = sums[i]! >> PRECISION_BITS;
  }
}
