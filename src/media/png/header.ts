/** PNG: chunks (PNG specification, third edition), without inflating. */
import { ByteReader } from "../byte-reader.ts";
import { crc32 } from "../crc32.ts";
import { InvalidPictureError } from "../errors.ts";
import { readOrientation } from "../exif.ts";
import type { Orientation, PictureHeader } from "../picture.ts";

export type PngColourType = 0 | 2 | 3 | 4 | 6;

/** All that decoding needs. */
export interface PngLayout {
  readonly header: PictureHeader;
  readonly bitDepth: number;
  readonly colourType: PngColourType;
  readonly interlaced: boolean;
  readonly palette: Uint8Array | undefined;
  readonly transparency: Uint8Array | undefined;
  /** The still picture's compressed data, in order. In an APNG, the picture shown where animation is not. */
  readonly data: readonly Uint8Array[];
}

/** Bit depths that each colour type allows. */
const DEPTHS: Readonly<Record<PngColourType, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Data chunks of 8 KB and more are usual; bounds the work on a file made of empty chunks. */
const MAX_CHUNKS = 100_000;

/** @throws {InvalidPictureError} when chunks are missing, damaged, out of order or cut off. */
export function readPngLayout(bytes: Uint8Array): PngLayout {
  const reader = new ByteReader(bytes, 8);
  const first = readChunk(reader);
  if (first.type !== "IHDR" || first.body.length !== 13)
    throw new InvalidPictureError("The PNG has no header.");
  checkCrc(first);
  const { width, height, bitDepth, colourType, interlaced } = readImageHeader(first.body);
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  let orientation: Orientation = 1;
  let animated = false;
  const data: Uint8Array[] = [];
  for (let count = 0; reader.remaining >= 12; count++) {
    if (count > MAX_CHUNKS) throw new InvalidPictureError("The PNG has too many chunks.");
    const chunk = readChunk(reader);
    if (chunk.type === "IEND") break;
    if (chunk.type === "IDAT") {
      data.push(chunk.body);
    } else if (chunk.type === "PLTE") {
      checkCrc(chunk);
      palette = chunk.body;
    } else if (chunk.type === "tRNS") {
      checkCrc(chunk);
      transparency = chunk.body;
    } else if (chunk.type === "acTL") {
      animated = true;
    } else if (chunk.type === "eXIf") {
      orientation = readOrientation(chunk.body);
    }
  }
  if (data.length === 0) throw new InvalidPictureError("The PNG has no picture data.");
  if (colourType === 3) checkPalette(palette);
  const header: PictureHeader = {
    format: "png",
    width,
    height,
    orientation,
    colour: colourType === 0 || colourType === 4 ? "grey" : "rgb",
    bitDepth: colourType === 3 ? 8 : bitDepth,
    animated,
    hasAlpha: colourType >= 4 || transparency !== undefined,
    scans: 1,
  };
  return { header, bitDepth, colourType, interlaced, palette, transparency, data };
}

interface Chunk {
  readonly type: string;
  readonly body: Uint8Array;
  /** Type and body, which the CRC covers. */
  readonly covered: Uint8Array;
  readonly crc: number;
}

function readChunk(reader: ByteReader): Chunk {
  const length = reader.u32();
  const covered = reader.bytes(length + 4);
  const type = String.fromCharCode(...covered.subarray(0, 4));
  return { type, body: covered.subarray(4), covered, crc: reader.u32() };
}

/** Pixel data carry a checksum of their own (Adler-32), so only chunks that interpret them are checked here. */
function checkCrc(chunk: Chunk): void {
  if (crc32(chunk.covered) !== chunk.crc) {
    throw new InvalidPictureError(`The PNG is damaged: the checksum of its ${chunk.type} chunk is wrong.`);
  }
}

function checkPalette(palette: Uint8Array | undefined): void {
  if (!palette || palette.length === 0 || palette.length > 768 || palette.length % 3 !== 0) {
    throw new InvalidPictureError("The PNG has no valid palette.");
  }
}

function readImageHeader(body: Uint8Array) {
  const reader = new ByteReader(body);
  const width = reader.u32();
  const height = reader.u32();
  const bitDepth = reader.u8();
  const colourType = reader.u8();
  const compression = reader.u8();
  const filter = reader.u8();
  const interlace = reader.u8();
  if (width === 0 || height === 0) throw new InvalidPictureError("The PNG says that it has no pixels.");
  if (!isColourType(colourType) || !DEPTHS[colourType].includes(bitDepth)) {
    throw new InvalidPictureError(`The PNG has an impossible colour type (${colourType}, ${bitDepth} bits).`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw new InvalidPictureError("The PNG uses an unknown compression, filter or interlace method.");
  }
  return { width, height, bitDepth, colourType, interlaced: interlace === 1 };
}

function isColourType(value: number): value is PngColourType {
  return value in DEPTHS;
}
