/** Limits that a picture must keep before it is decoded. Each can be overridden by the caller's options. */
import { PictureTooLargeError } from "./errors.ts";
import type { PictureHeader } from "./picture.ts";

/** Phone photographs have 3 to 8 MB; a Worker isolate has 128 MB for the request, the file and its pixels. */
export const MAX_PICTURE_BYTES = 20 * 1024 * 1024;

/** A 4032×3024 phone photograph (12.2 MP) passes; its RGBA pixels take 48 MB of the 128 MB. */
export const MAX_PICTURE_PIXELS = 12_600_000;

/** Panoramas and long screenshots pass; longer sides only occur in attacks. AVIF and WebP end at 16,384. */
export const MAX_PICTURE_SIDE = 16_384;

/** Thinner pictures hold nothing that a model with a square input could see. A 1×10,000 picture is refused. */
export const MAX_ASPECT_RATIO = 100;

/** Encoders write 1 to 20 scans. Each costs a pass over all coefficients, so thousands are a way to burn CPU. */
export const MAX_JPEG_SCANS = 64;

/**
 * Heap of a decoder plus the copy that turning a picture makes. 128 MB less the file, the program and the
 * request's own needs. A 12 MP JPEG takes 51 MiB, 97 MiB when turned; a progressive one 85 MiB; a 12 MP WebP
 * 58 MiB. An AVIF takes 20 bytes a pixel or more, so that it ends at about 5 MP.
 */
export const MAX_DECODE_MEMORY = 104 * 1024 * 1024;

/**
 * Estimated CPU milliseconds. A decoder is synchronous and cannot be interrupted, so its time is bounded
 * beforehand, by pixels × the cost of the format.
 */
export const MAX_DECODE_MILLIS = 2_000;

export interface PictureLimits {
  /** Length of the file. Default {@link MAX_PICTURE_BYTES}. */
  readonly maxBytes?: number;
  /** Width × height. Default {@link MAX_PICTURE_PIXELS}. */
  readonly maxPixels?: number;
  /** The longer side, in pixels. Default {@link MAX_PICTURE_SIDE}. */
  readonly maxSide?: number;
  /** Longer side ÷ shorter side. Default {@link MAX_ASPECT_RATIO}. */
  readonly maxAspectRatio?: number;
  /** Scans of a JPEG. Default {@link MAX_JPEG_SCANS}. */
  readonly maxScans?: number;
  /** Bytes that decoding may take, beside the file. Default {@link MAX_DECODE_MEMORY}. */
  readonly maxMemory?: number;
  /** Estimated CPU time of decoding, in ms. Default {@link MAX_DECODE_MILLIS}. */
  readonly maxMillis?: number;
}

/** Nanoseconds a pixel, measured in workerd on two shared cores and rounded up. */
const NANOS_PER_PIXEL = { jpeg: 30, cmyk: 200, png: 60, webp: 60, avif: 260, gif: 30 } as const;

/** Nanoseconds a pixel that every scan after a JPEG's first adds. */
const NANOS_PER_PIXEL_AND_SCAN = 10;

/** Estimated CPU time to decode a picture, in ms. */
export function estimateMillis(header: PictureHeader): number {
  const kind = header.colour === "cmyk" || header.colour === "ycck" ? "cmyk" : header.format;
  const nanos = NANOS_PER_PIXEL[kind] + (header.scans - 1) * NANOS_PER_PIXEL_AND_SCAN;
  return (header.width * header.height * nanos) / 1e6;
}

/** @throws {PictureTooLargeError} when the file is longer than allowed. */
export function checkByteLength(
  byteLength: number,
  { maxBytes = MAX_PICTURE_BYTES }: PictureLimits = {},
): void {
  if (byteLength > maxBytes) {
    throw new PictureTooLargeError(`The file has ${byteLength} bytes; at most ${maxBytes} are accepted.`);
  }
}

/** @throws {PictureTooLargeError} when the header announces more than allowed. */
export function checkHeader(header: PictureHeader, limits: PictureLimits = {}): void {
  const { width, height } = header;
  const size = `${width}×${height}`;
  const maxSide = limits.maxSide ?? MAX_PICTURE_SIDE;
  if (Math.max(width, height) > maxSide) {
    throw new PictureTooLargeError(`The picture is ${size}; a side may have ${maxSide} pixels.`);
  }
  const maxPixels = limits.maxPixels ?? MAX_PICTURE_PIXELS;
  if (width * height > maxPixels) {
    throw new PictureTooLargeError(
      `The picture is ${size}, ${width * height} pixels; at most ${maxPixels} are accepted.`,
    );
  }
  const maxAspectRatio = limits.maxAspectRatio ?? MAX_ASPECT_RATIO;
  if (Math.max(width, height) > maxAspectRatio * Math.min(width, height)) {
    throw new PictureTooLargeError(
      `The picture is ${size}; sides may differ by a factor of ${maxAspectRatio}.`,
    );
  }
  const maxScans = limits.maxScans ?? MAX_JPEG_SCANS;
  if (header.scans > maxScans) {
    throw new PictureTooLargeError(`The JPEG has ${header.scans} scans; at most ${maxScans} are decoded.`);
  }
  const maxMillis = limits.maxMillis ?? MAX_DECODE_MILLIS;
  const millis = estimateMillis(header);
  if (millis > maxMillis) {
    throw new PictureTooLargeError(
      `Decoding this ${size} ${header.format} picture would take about ${Math.round(millis)} ms; ${maxMillis} are allowed.`,
    );
  }
}
