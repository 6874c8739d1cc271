/** WebP: RIFF chunks (RFC 9649), without decoding. */
import { ByteReader } from "../byte-reader.ts";
import { InvalidPictureError } from "../errors.ts";
import { readOrientation } from "../exif.ts";
import type { Orientation, PictureHeader } from "../picture.ts";

/** Where the first frame is and what of it to show. */
export interface WebpLayout {
  readonly header: PictureHeader;
  /** A file of its own for stills; for animations the chunks of the first frame. */
  readonly frame: WebpFrame;
  /** The file up to the end that its header gives, without trailing garbage. */
  readonly file: Uint8Array;
}

export interface WebpFrame {
  /** Position on the canvas, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `ALPH`, `VP8 ` and `VP8L` chunks of an animation's first frame, with their headers. */
  readonly chunks: Uint8Array;
  readonly hasAlpha: boolean;
}

interface Bitstream {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

const ANIMATION_FLAG = 0x02;

/** Bounds the work on a file made of empty chunks. */
const MAX_CHUNKS = 10_000;

/** @throws {InvalidPictureError} when chunks are missing, contradictory or cut off. */
export function readWebpLayout(bytes: Uint8Array): WebpLayout {
  const head = new ByteReader(bytes, 4);
  const size = head.u32le();
  head.skip(4);
  if (size - 4 > head.remaining) throw new InvalidPictureError("The WebP is cut off.");
  const file = bytes.subarray(0, size + 8);
  const reader = new ByteReader(file, 12);
  let canvas: { width: number; height: number; animated: boolean } | undefined;
  let orientation: Orientation = 1;
  let still: Bitstream | undefined;
  let alphaChunk = false;
  let frame: WebpFrame | undefined;
  for (let count = 0; reader.remaining >= 8; count++) {
    if (count > MAX_CHUNKS) throw new InvalidPictureError("The WebP has too many chunks.");
    const { type, body } = readChunk(reader);
    if (type === "VP8X") canvas = readCanvas(body);
    else if (type === "ALPH") alphaChunk = true;
    else if (type === "VP8 " || type === "VP8L") still ??= readBitstream(type, body);
    else if (type === "ANMF") frame ??= readFrame(body);
    else if (type === "EXIF") orientation = readOrientation(body.bytes(body.remaining));
  }
  const animated = canvas?.animated === true;
  if (!animated && still) {
    frame = {
      x: 0,
      y: 0,
      width: still.width,
      height: still.height,
      chunks: file,
      hasAlpha: still.hasAlpha || (alphaChunk && canvas !== undefined),
    };
  }
  if (!frame || (animated && still)) throw new InvalidPictureError("The WebP has no picture in it.");
  const { width, height } = canvas ?? frame;
  if (frame.x + frame.width > width || frame.y + frame.height > height) {
    throw new InvalidPictureError("The WebP's frame is larger than its canvas.");
  }
  if (!animated && (frame.width !== width || frame.height !== height)) {
    throw new InvalidPictureError("The WebP's canvas and its picture differ in size.");
  }
  const covered = frame.width === width && frame.height === height;
  const hasAlpha = frame.hasAlpha || !covered;
  const header: PictureHeader = {
    ...{ format: "webp", width, height, orientation, colour: "rgb", bitDepth: 8 },
    ...{ animated, hasAlpha, scans: 1 },
  };
  return { header, frame, file };
}

function readChunk(reader: ByteReader): { type: string; body: ByteReader } {
  const type = reader.text(4);
  const length = reader.u32le();
  const body = reader.window(length);
  if (length % 2 === 1 && reader.remaining > 0) reader.skip(1);
  return { type, body };
}

function readCanvas(body: ByteReader) {
  const flags = body.u8();
  body.skip(3);
  const width = body.u24le() + 1;
  const height = body.u24le() + 1;
  return { width, height, animated: (flags & ANIMATION_FLAG) !== 0 };
}

function readFrame(body: ByteReader): WebpFrame {
  const x = body.u24le() * 2;
  const y = body.u24le() * 2;
  const width = body.u24le() + 1;
  const height = body.u24le() + 1;
  body.skip(4);
  const chunks = body.bytes(body.remaining);
  const reader = new ByteReader(chunks);
  let alphaChunk = false;
  while (reader.remaining >= 8) {
    const chunk = readChunk(reader);
    if (chunk.type === "ALPH") alphaChunk = true;
    if (chunk.type !== "VP8 " && chunk.type !== "VP8L") continue;
    const bitstream = readBitstream(chunk.type, chunk.body);
    if (bitstream.width !== width || bitstream.height !== height) break;
    return { x, y, width, height, chunks, hasAlpha: alphaChunk || bitstream.hasAlpha };
  }
  throw new InvalidPictureError("The WebP's first frame is damaged.");
}

function readBitstream(type: "VP8 " | "VP8L", body: ByteReader): Bitstream {
  if (type === "VP8L") {
    if (body.u8() !== 0x2f) throw new InvalidPictureError("The WebP's lossless data are damaged.");
    const bits = body.u32le();
    const width = (bits & 0x3fff) + 1;
    const height = ((bits >>> 14) & 0x3fff) + 1;
    return { width, height, hasAlpha: ((bits >>> 28) & 1) === 1 };
  }
  const isKeyFrame = (body.u24le() & 1) === 0;
  if (!isKeyFrame || body.u24() !== 0x9d012a)
    throw new InvalidPictureError("The WebP's lossy data are damaged.");
  const width = body.u16le() & 0x3fff;
  const height = body.u16le() & 0x3fff;
  if (width === 0 || height === 0) throw new InvalidPictureError("The WebP says that it has no pixels.");
  return { width, height, hasAlpha: false };
}
