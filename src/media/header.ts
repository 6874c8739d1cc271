/** What a file is and how large, from its first bytes: the check that comes before any decoding. */
import { hasAvifBrand, readAvifHeader } from "./avif/header.ts";
import { InvalidPictureError, UnsupportedPictureError } from "./errors.ts";
import { readGifLayout } from "./gif/header.ts";
import { readJpegHeader } from "./jpeg/header.ts";
import type { PictureFormat, PictureHeader } from "./picture.ts";
import { readPngLayout } from "./png/header.ts";
import { readWebpLayout } from "./webp/header.ts";

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The format by magic bytes alone, or undefined. A name or content type is never asked. */
export function detectFormat(bytes: Uint8Array): PictureFormat | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "jpeg";
  if (PNG_SIGNATURE.every((byte, index) => bytes[index] === byte)) return "png";
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "webp";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "gif";
  if (bytes.length >= 16 && start.slice(4, 8) === "ftyp" && hasAvifBrand(bytes)) return "avif";
  return undefined;
}

/**
 * Reads a picture's header. No pixel is decoded; the work is linear in the file at worst.
 *
 * ICC profiles are ignored here and in decoding: pixel values are taken as sRGB.
 *
 * @throws {UnsupportedPictureError} when the bytes are no picture, or of a kind that is not decoded.
 * @throws {InvalidPictureError} when the header is damaged, cut off or contradicts itself.
 */
export function readHeader(bytes: Uint8Array): PictureHeader {
  if (bytes.length === 0) throw new InvalidPictureError("The file is empty.");
  const format = detectFormat(bytes);
  switch (format) {
    case "jpeg":
      return readJpegHeader(bytes);
    case "png":
      return readPngLayout(bytes).header;
    case "webp":
      return readWebpLayout(bytes).header;
    case "avif":
      return readAvifHeader(bytes);
    case "gif":
      return readGifLayout(bytes).header;
    case undefined:
      if (isHeic(bytes)) {
        throw new UnsupportedPictureError(
          "The file is HEIC.",
          "Save the photo as JPEG (phones: camera format “most compatible”).",
        );
      }
      throw new UnsupportedPictureError("The file does not start like any picture that is supported.");
  }
}

/** HEIC shares AVIF's container; phones send it unless asked not to. */
function isHeic(bytes: Uint8Array): boolean {
  return /^.{4}ftyp(hei|hev|mif1|msf1)/s.test(String.fromCharCode(...bytes.subarray(0, 12)));
}
