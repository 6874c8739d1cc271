/** CMYK and YCCK JPEG, with inverted inks as Adobe writes them. Colour is converted without a profile. */
import decode from "jpeg-js/lib/decoder.js";
import { InvalidPictureError, PictureTooLargeError } from "../errors.ts";
import type { PictureHeader } from "../picture.ts";
import type { Pixels } from "../pixels.ts";

/** jpeg-js keeps 32-bit coefficients, lines and results of four channels side by side. */
const BYTES_PER_PIXEL = 32;

/** @throws {PictureTooLargeError} when pure JavaScript would need more than `maxMemory` bytes. */
export function decodeCmykJpeg(bytes: Uint8Array, header: PictureHeader, maxMemory: number): Pixels {
  const { width, height } = header;
  const needed = width * height * BYTES_PER_PIXEL;
  if (needed > maxMemory) {
    throw new PictureTooLargeError(
      `Decoding a ${width}×${height} CMYK JPEG needs ${needed} bytes of memory; ${maxMemory} are allowed.`,
      "Save the picture as RGB.",
    );
  }
  try {
    const { data, ...size } = decode(bytes, {
      useTArray: true,
      formatAsRGBA: true,
      tolerantDecoding: false,
      maxMemoryUsageInMB: maxMemory / (1024 * 1024),
    });
    return { ...size, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength) };
  } catch (cause) {
    throw new InvalidPictureError("The CMYK JPEG is damaged.", cause);
  }
}
