/** A drawn picture that make_fixtures.py computes alike, so that fixtures need not hold its pixels. */
import type { Picture } from "../../src/media/picture.ts";

/** Crop and background of the fixtures in resizes.json. */
export const CROP = { x0: 0.1, y0: 0.25, x1: 0.85, y1: 0.7 };
export const BACKGROUND: [number, number, number] = [200, 100, 50];

/** Smooth, with hard edges and a bit of noise. Opaque unless `alpha` is wanted. */
export function pattern(width: number, height: number, alpha: boolean): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const noise = ((Math.imul(x, 2654435761) + Math.imul(y, 40503)) >>> 13) & 15;
      data[at] = (x * 3 + y + noise) & 255;
      data[at + 1] = (y * 5 + (x >> 2) + noise) & 255;
      data[at + 2] = (((x * y) >> 4) + noise) & 255;
      data[at + 3] = alpha ? (255 - ((x * 7 + y * 3) & 255) + noise) & 255 : 255;
    }
  }
  return { width, height, data, ...(alpha ? {} : { opaque: true }) };
}
