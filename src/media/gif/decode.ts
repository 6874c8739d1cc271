/** GIF pixels: the first frame on a transparent canvas. */
import { InvalidPictureError } from "../errors.ts";
import { type Pixels, words } from "../pixels.ts";
import { readGifLayout } from "./header.ts";
import { decompressLzw } from "./lzw.ts";

/** First row and step of the four passes of an interlaced frame. */
const INTERLACE = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

/** @throws {InvalidPictureError} when the frame is damaged, incomplete or larger than its canvas. */
export function decodeGif(bytes: Uint8Array): Pixels {
  const layout = readGifLayout(bytes);
  const { frame, header } = layout;
  if (frame.x + frame.width > header.width || frame.y + frame.height > header.height) {
    throw new InvalidPictureError("The GIF's first frame is larger than its canvas.");
  }
  const indices = decompressLzw(bytes, layout.dataStart, frame.width * frame.height);
  const colours = paletteWords(layout.palette, layout.transparentIndex);
  const pixels: Pixels = {
    width: header.width,
    height: header.height,
    data: new Uint8ClampedArray(header.width * header.height * 4),
  };
  const out = words(pixels);
  let source = 0;
  for (const row of rowOrder(frame.height, layout.interlaced)) {
    let target = (frame.y + row) * header.width + frame.x;
    for (const end = source + frame.width; source < end; ) out[target++] = colours[indices[source++]!]!;
  }
  return pixels;
}

/** 256 words, 0xAABBGGRR; indices beyond the palette are opaque black. */
function paletteWords(palette: Uint8Array, transparentIndex: number): Uint32Array {
  const colours = new Uint32Array(256).fill(0xff000000);
  for (let index = 0, at = 0; at < palette.length; index++, at += 3) {
    colours[index] = (0xff000000 | (palette[at + 2]! << 16) | (palette[at + 1]! << 8) | palette[at]!) >>> 0;
  }
  if (transparentIndex >= 0) colours[transparentIndex] = 0;
  return colours;
}

function* rowOrder(height: number, interlaced: boolean): Generator<number> {
  for (const [first, step] of interlaced ? INTERLACE : [[0, 1] as const]) {
    for (let row = first; row < height; row += step) yield row;
  }
}
