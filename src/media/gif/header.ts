/** GIF: blocks (GIF89a specification) up to the second frame, without decompressing. */
import { ByteReader } from "../byte-reader.ts";
import { InvalidPictureError } from "../errors.ts";
import type { PictureHeader } from "../picture.ts";

/** All that decoding the first frame needs. */
export interface GifLayout {
  readonly header: PictureHeader;
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly interlaced: boolean;
  /** RGB triples. */
  readonly palette: Uint8Array;
  /** Palette index that is transparent, or -1. */
  readonly transparentIndex: number;
  /** Position of the code size byte, behind which the compressed sub-blocks start. */
  readonly dataStart: number;
}

const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

/** @throws {InvalidPictureError} when blocks are missing, damaged or cut off. */
export function readGifLayout(bytes: Uint8Array): GifLayout {
  const reader = new ByteReader(bytes, 6);
  const width = reader.u16le();
  const height = reader.u16le();
  const flags = reader.u8();
  reader.skip(2);
  if (width === 0 || height === 0) throw new InvalidPictureError("The GIF says that it has no pixels.");
  const globalPalette = readPalette(reader, flags);
  let transparentIndex = -1;
  let first: Omit<GifLayout, "header"> | undefined;
  let animated = false;
  while (!animated) {
    // After a complete first frame, a missing trailer is forgiven, as every viewer does.
    if (first && reader.remaining === 0) break;
    const block = reader.u8();
    if (block === TRAILER) break;
    if (block === EXTENSION) {
      const label = reader.u8();
      if (label === GRAPHIC_CONTROL && !first)
        transparentIndex = peekTransparentIndex(bytes, reader.position);
      skipSubBlocks(reader);
    } else if (block === IMAGE) {
      if (first) animated = true;
      else first = readFrame(reader, globalPalette, transparentIndex);
    } else if (first) {
      break;
    } else {
      throw new InvalidPictureError("The GIF has an unknown block.");
    }
  }
  if (!first) throw new InvalidPictureError("The GIF has no frame.");
  const { frame } = first;
  const covered = frame.x === 0 && frame.y === 0 && frame.width >= width && frame.height >= height;
  const header: PictureHeader = {
    ...{ format: "gif", width, height, orientation: 1, colour: "rgb", bitDepth: 8 },
    ...{ animated, hasAlpha: first.transparentIndex >= 0 || !covered, scans: 1 },
  };
  return { header, ...first };
}

function readFrame(reader: ByteReader, globalPalette: Uint8Array | undefined, transparentIndex: number) {
  const frame = { x: reader.u16le(), y: reader.u16le(), width: reader.u16le(), height: reader.u16le() };
  const flags = reader.u8();
  const palette = readPalette(reader, flags) ?? globalPalette;
  if (!palette) throw new InvalidPictureError("The GIF has no palette.");
  if (frame.width === 0 || frame.height === 0)
    throw new InvalidPictureError("The GIF's first frame is empty.");
  const dataStart = reader.position;
  reader.skip(1);
  skipSubBlocks(reader);
  return { frame, palette, interlaced: (flags & 0x40) !== 0, transparentIndex, dataStart };
}

function readPalette(reader: ByteReader, flags: number): Uint8Array | undefined {
  return flags & 0x80 ? reader.bytes(3 * 2 ** ((flags & 7) + 1)) : undefined;
}

function peekTransparentIndex(bytes: Uint8Array, position: number): number {
  const reader = new ByteReader(bytes, position);
  if (reader.u8() !== 4) return -1;
  const hasTransparency = (reader.u8() & 1) === 1;
  reader.skip(2);
  return hasTransparency ? reader.u8() : -1;
}

function skipSubBlocks(reader: ByteReader): void {
  for (let length = reader.u8(); length !== 0; length = reader.u8()) reader.skip(length);
}
