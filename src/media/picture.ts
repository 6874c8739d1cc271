/** Pictures: what a file's header promises, and the pixels it holds. */

export type PictureFormat = "jpeg" | "png" | "webp" | "avif" | "gif";

/** What a file says of itself before any pixel is decoded. */
export interface PictureHeader {
  readonly format: PictureFormat;
  /** Pixels as stored, before `orientation` is applied. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 (upright) to 8; 5 to 8 swap width and height. */
  readonly orientation: Orientation;
  readonly colour: "grey" | "rgb" | "cmyk" | "ycck";
  /** Bits a channel, as stored (palettes: of the palette, 8). */
  readonly bitDepth: number;
  /** Several frames; the first is decoded. */
  readonly animated: boolean;
  readonly hasAlpha: boolean;
  /** JPEG: number of scans (1 when baseline), because each costs a pass over the picture. Else 1. */
  readonly scans: number;
}

export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Upright pixels: RGBA, 8 bits a channel, straight alpha, rows from the top, no padding. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /**
   * `width × height × 4` bytes. Often a view on a larger buffer, which can be a decoder's heap: to hand the pixels
   * to another thread, post a copy (`data.slice()`).
   */
  readonly data: Uint8ClampedArray;
  /** True when every alpha is known to be 255; absent when nobody has looked. */
  readonly opaque?: boolean;
}

/** A part of a picture: corners as fractions of its upright width and height, 0 ≤ x0 < x1 ≤ 1. */
export interface CropBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Width and height as seen, after orientation. */
export function uprightSize(header: PictureHeader): { width: number; height: number } {
  const { width, height } = header;
  return header.orientation >= 5 ? { width: height, height: width } : { width, height };
}
