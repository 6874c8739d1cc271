/** EXIF orientation applied to pixels. */
import type { Orientation } from "./picture.ts";
import { type Pixels, words } from "./pixels.ts";

/** Pixels a side of the blocks in which pictures are transposed, so that reads and writes stay in the cache. */
const TILE = 32;

/** Upright pixels. Mirrored and upside-down pictures are changed in place; turned ones (5 to 8) are copied. */
export function orient(pixels: Pixels, orientation: Orientation): Pixels {
  switch (orientation) {
    case 1:
      return pixels;
    case 2:
      mirrorRows(pixels);
      return pixels;
    case 3:
      words(pixels).reverse();
      return pixels;
    case 4:
      mirrorRows(pixels);
      words(pixels).reverse();
      return pixels;
    case 5:
      return transpose(pixels, false, false);
    case 6:
      return transpose(pixels, true, false);
    case 7:
      return transpose(pixels, true, true);
    case 8:
      return transpose(pixels, false, true);
  }
}

function mirrorRows(pixels: Pixels): void {
  const all = words(pixels);
  for (let start = 0; start < all.length; start += pixels.width) {
    all.subarray(start, start + pixels.width).reverse();
  }
}

/** Rows become columns; then the result is mirrored from left to right (`flipX`) and upside down (`flipY`). */
function transpose(pixels: Pixels, flipX: boolean, flipY: boolean): Pixels {
  const { width: sourceWidth, height: sourceHeight } = pixels;
  const [width, height] = [sourceHeight, sourceWidth];
  const turned: Pixels = { width, height, data: new Uint8ClampedArray(width * height * 4) };
  const from = words(pixels);
  const to = words(turned);
  const step = flipY ? -width : width;
  const origin = flipY ? (height - 1) * width : 0;
  for (let tileY = 0; tileY < sourceHeight; tileY += TILE) {
    const endY = Math.min(tileY + TILE, sourceHeight);
    for (let tileX = 0; tileX < sourceWidth; tileX += TILE) {
      const endX = Math.min(tileX + TILE, sourceWidth);
      for (let y = tileY; y < endY; y++) {
        const column = flipX ? width - 1 - y : y;
        let target = origin + tileX * step + column;
        let source = y * sourceWidth + tileX;
        for (let x = tileX; x < endX; x++, target += step) to[target] = from[source++]!;
      }
    }
  }
  return turned;
}
