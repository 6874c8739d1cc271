/** Decoded pixels as stored in the file, before orientation. */

/** RGBA, 8 bits a channel, straight alpha. `data` is 4-byte aligned. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/**
 * One 32-bit word a pixel, 0xAABBGGRR: JavaScript engines run on little-endian machines. Signed, because engines
 * keep signed words in integer registers.
 */
export function words({ data }: Pick<Pixels, "data">): Int32Array {
  // Only data that were cut out of something else can be out of step.
  if (data.byteOffset % 4 !== 0) return new Int32Array(data.slice().buffer);
  return new Int32Array(data.buffer, data.byteOffset, data.byteLength >>> 2);
}

/** A transparent picture with `source` at (x, y). */
export function placeOnCanvas(source: Pixels, width: number, height: number, x: number, y: number): Pixels {
  const canvas: Pixels = { width, height, data: new Uint8ClampedArray(width * height * 4) };
  const from = words(source);
  const to = words(canvas);
  for (let row = 0; row < source.height; row++) {
    const line = from.subarray(row * source.width, (row + 1) * source.width);
    to.set(line, (y + row) * width + x);
  }
  return canvas;
}
