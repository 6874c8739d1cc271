/**
 * Resizing, equal to Pillow's `Image.resize(size, BILINEAR, box)` on 8-bit RGB: a pass along each axis, with
 * fixed-point weights, and 8-bit values between the passes.
 */
import { compositeRow, isOpaque } from "./composite.ts";
import type { Picture } from "./picture.ts";
import { words } from "./pixels.ts";
import { narrowRow, narrowTwoRows, shortenRows } from "./resample-passes.ts";
import { type ResampleWeights, resampleWeights } from "./resample-weights.ts";

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

/** Resizes a part of a picture. Returns `width × height` words, 0x··BBGGRR. */
export function resample(job: ResampleJob, width: number, height: number): Int32Array {
  const { region, box } = job;
  const across = resampleWeights(region.width, box.x, box.x + box.width, width);
  const down = resampleWeights(region.height, box.y, box.y + box.height, height);
  return shortensFirst(region, width, height)
    ? shortenThenNarrow(job, across, down)
    : narrowThenShorten(job, across, down);
}

/**
 * Which pass comes first. Rounding between the passes makes results differ by up to one level. Pillow 13 shortens
 * first when height loses more than twice what width loses; older ones always narrow first.
 */
function shortensFirst(region: Rectangle, width: number, height: number): boolean {
  return height < region.height && region.height - height > 2 * (region.width - width);
}

function narrowThenShorten(job: ResampleJob, across: ResampleWeights, down: ResampleWeights): Int32Array {
  const width = across.starts.length;
  const { first, end } = span(down);
  const narrowed = new Int32Array(width * (end - first));
  const source = rowSource(job);
  let row = first;
  for (; row + 1 < end; row += 2) {
    const start = source.load(row, row + 2);
    narrowTwoRows(source.pixels, start, source.stride, across, narrowed, (row - first) * width);
  }
  if (row < end) {
    const start = source.load(row, end);
    narrowRow(source.pixels, start, across, narrowed, (row - first) * width);
  }
  const result = new Int32Array(width * down.starts.length);
  for (let y = 0; y < down.starts.length; y++) {
    shortenRows(narrowed, (down.starts[y]! - first) * width, width, width, down, y, result, y * width);
  }
  return result;
}

function shortenThenNarrow(job: ResampleJob, across: ResampleWeights, down: ResampleWeights): Int32Array {
  const width = across.starts.length;
  const height = down.starts.length;
  const { width: full } = job.region;
  const source = rowSource(job);
  const shortened = new Int32Array(full);
  const result = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = source.load(down.starts[y]!, down.starts[y]! + down.counts[y]!);
    shortenRows(source.pixels, start, source.stride, full, down, y, shortened, 0);
    narrowRow(shortened, 0, across, result, y * width);
  }
  return result;
}

/** The input pixels that the weights reach. */
function span({ starts, counts }: ResampleWeights): { first: number; end: number } {
  const last = starts.length - 1;
  return { first: starts[0]!, end: starts[last]! + counts[last]! };
}

interface RowSource {
  readonly pixels: Int32Array;
  /** Words from one row to the next, in `pixels` as they are after `load`. */
  readonly stride: number;
  /** Makes rows of the region readable and returns where in `pixels` the first of them starts. */
  load(firstRow: number, endRow: number): number;
}

/** Rows of the region without transparency: straight from the picture, or composited when they are asked for. */
function rowSource({ picture, region, background }: ResampleJob): RowSource {
  const pixels = words(picture);
  const startOf = (row: number) => (region.y + row) * picture.width + region.x;
  if (picture.opaque || isOpaque(picture)) return { pixels, stride: picture.width, load: startOf };
  let composited = new Int32Array(0);
  return {
    get pixels() {
      return composited;
    },
    stride: region.width,
    load(firstRow, endRow) {
      const length = (endRow - firstRow) * region.width;
      if (composited.length < length) composited = new Int32Array(length);
      for (let row = firstRow; row < endRow; row++) {
        compositeRow(
          pixels,
          startOf(row),
          background,
          composited,
          (row - firstRow) * region.width,
          region.width,
        );
      }
      return 0;
    },
  };
}
