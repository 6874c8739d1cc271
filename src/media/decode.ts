/** Bytes of a picture file in, upright RGBA pixels out. */
import { Problem } from "../problem.ts";
import { decodeAvif } from "./avif/decode.ts";
import { InvalidPictureError, PictureTimeoutError, PictureTooLargeError } from "./errors.ts";
import { decodeGif } from "./gif/decode.ts";
import { readHeader } from "./header.ts";
import { decodeJpeg } from "./jpeg/decode.ts";
import { checkByteLength, checkHeader, MAX_DECODE_MEMORY, type PictureLimits } from "./limits.ts";
import { orient } from "./orient.ts";
import type { Picture, PictureHeader } from "./picture.ts";
import type { Pixels } from "./pixels.ts";
import { decodePng } from "./png/decode.ts";
import { decodeWebp } from "./webp/decode.ts";

export interface DecodeOptions extends PictureLimits {
  /**
   * Ends the wait, e.g. `AbortSignal.timeout(2000)`. Looked at between stages: a decoder itself is synchronous
   * and cannot be interrupted, which is why its time is bounded beforehand (`maxMillis`).
   */
  readonly signal?: AbortSignal;
}

/**
 * Decodes JPEG, PNG, WebP, AVIF and GIF to upright 8-bit RGBA.
 *
 * EXIF orientation is applied (in AVIF: `irot` and `imir`). Of animations the first frame is decoded, of an
 * APNG its still picture. ICC profiles are ignored: pixel values are taken as sRGB. Of 16-bit channels the high
 * byte is kept. Files that are cut off or damaged are refused, never half decoded.
 *
 * Memory: the pixels, and a second copy while a picture is turned by 90°. Decode large pictures one after the
 * other; a Worker has 128 MB.
 *
 * @throws {PictureTooLargeError} when a limit is exceeded; limits that the header decides, before decoding
 * @throws {UnsupportedPictureError} when the bytes are no picture, or of a kind that is not decoded
 * @throws {InvalidPictureError} when the file is damaged, cut off, or not as large as its header says
 * @throws {PictureTimeoutError} when `signal` is aborted
 *
 * @example
 * const picture = await decodePicture(new Uint8Array(await request.arrayBuffer()));
 */
export async function decodePicture(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Picture> {
  checkSignal(options.signal);
  checkByteLength(bytes.length, options);
  const header = readHeader(bytes);
  checkHeader(header, options);
  const heap = heapFor(header, options.maxMemory ?? MAX_DECODE_MEMORY);
  const pixels = await decodePixels(bytes, header, heap, options.signal);
  if (pixels.width !== header.width || pixels.height !== header.height) {
    throw new InvalidPictureError(
      `The header says ${header.width}×${header.height} pixels, the picture has ${pixels.width}×${pixels.height}.`,
    );
  }
  checkSignal(options.signal);
  return { ...orient(pixels, header.orientation), opaque: !header.hasAlpha };
}

/** Memory left to the decoder when the copy that turning needs is set aside. */
function heapFor(header: PictureHeader, maxMemory: number): number {
  const pixelBytes = header.width * header.height * 4;
  const heap = header.orientation >= 5 ? maxMemory - pixelBytes : maxMemory;
  if (pixelBytes > heap) {
    throw new PictureTooLargeError(
      `The ${header.width}×${header.height} picture needs more than ${maxMemory} bytes of memory.`,
    );
  }
  return heap;
}

async function decodePixels(
  bytes: Uint8Array,
  header: PictureHeader,
  heap: number,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  try {
    switch (header.format) {
      case "jpeg":
        return await decodeJpeg(bytes, header, heap);
      case "png":
        return await decodePng(bytes, signal);
      case "webp":
        return await decodeWebp(bytes, heap);
      case "avif":
        return await decodeAvif(bytes, heap);
      case "gif":
        return decodeGif(bytes);
    }
  } catch (cause) {
    checkSignal(signal);
    if (cause instanceof Problem) throw cause;
    if (cause instanceof RangeError && /alloc/i.test(cause.message)) {
      throw new PictureTooLargeError("There is not enough memory to decode the picture.");
    }
    throw new InvalidPictureError(`The ${header.format.toUpperCase()} data are damaged.`, cause);
  }
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new PictureTimeoutError("The time to decode the picture is over.", signal.reason);
}
