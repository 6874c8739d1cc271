/** JPEG: markers up to the end of the file (ITU-T T.81), without decoding. */
import { ByteReader } from "../byte-reader.ts";
import { InvalidPictureError, UnsupportedPictureError } from "../errors.ts";
import { readOrientation } from "../exif.ts";
import type { Orientation, PictureHeader } from "../picture.ts";

const SOF0 = 0xc0;
const SOF2 = 0xc2;
const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;
const SOF15 = 0xcf;
const RST0 = 0xd0;
const RST7 = 0xd7;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
const APP14 = 0xee;
const TEM = 0x01;

/** More segments than any camera writes; bounds the work on a file made of empty segments. */
const MAX_SEGMENTS = 10_000;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bitDepth: number;
}

/**
 * Walks all markers. Entropy-coded data are searched for the next marker, so the work is linear in the file.
 *
 * @throws {InvalidPictureError} without a frame, a scan or an end marker (a file that was cut off).
 * @throws {UnsupportedPictureError} for lossless, hierarchical, arithmetic-coded or 12-bit files.
 */
export function readJpegHeader(bytes: Uint8Array): PictureHeader {
  const reader = new ByteReader(bytes, 2);
  let frame: Frame | undefined;
  let orientation: Orientation = 1;
  let adobeTransform: number | undefined;
  let scans = 0;
  for (let segment = 0; ; segment++) {
    if (segment > MAX_SEGMENTS) throw new InvalidPictureError("The JPEG has too many segments.");
    const marker = nextMarker(bytes, reader);
    if (marker === EOI) break;
    if (marker === SOI || marker === TEM || (marker >= RST0 && marker <= RST7)) continue;
    const body = reader.window(Math.max(reader.u16() - 2, -1));
    if (marker === SOS) {
      scans++;
      if (!frame) throw new InvalidPictureError("The JPEG has a scan before its frame.");
    } else if (marker >= SOF0 && marker <= SOF15 && marker !== DHT && marker !== JPG && marker !== DAC) {
      if (frame) throw new InvalidPictureError("The JPEG has two frames.");
      frame = readFrame(marker, body);
    } else if (marker === APP1 && orientation === 1 && body.remaining > 6) {
      const block = body.bytes(body.remaining);
      if (block[0] === 0x45 && block[1] === 0x78 && block[2] === 0x69 && block[3] === 0x66) {
        orientation = readOrientation(block);
      }
    } else if (marker === APP14 && body.remaining >= 12 && body.text(5) === "Adobe") {
      body.skip(6);
      adobeTransform = body.u8();
    }
  }
  if (!frame || scans === 0) throw new InvalidPictureError("The JPEG has no picture in it.");
  return {
    format: "jpeg",
    width: frame.width,
    height: frame.height,
    orientation,
    colour: colourOf(frame, adobeTransform),
    bitDepth: frame.bitDepth,
    animated: false,
    hasAlpha: false,
    scans,
  };
}

/** Moves behind the next marker, skipping entropy-coded data, stuffed zeros and fill bytes. */
function nextMarker(bytes: Uint8Array, reader: ByteReader): number {
  let at = reader.position;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0) throw new InvalidPictureError("The JPEG is cut off: it has no end marker.");
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at++];
    if (marker === undefined) throw new InvalidPictureError("The JPEG is cut off: it has no end marker.");
    if (marker === 0 || (marker >= RST0 && marker <= RST7)) continue;
    reader.position = at;
    return marker;
  }
}

function readFrame(marker: number, body: ByteReader): Frame {
  if (marker > SOF2) {
    throw new UnsupportedPictureError(
      "The JPEG is lossless, hierarchical or arithmetic-coded.",
      "Save it as a baseline or progressive JPEG.",
    );
  }
  const bitDepth = body.u8();
  const height = body.u16();
  const width = body.u16();
  const components = body.u8();
  if (width === 0 || height === 0) throw new InvalidPictureError("The JPEG says that it has no pixels.");
  if (bitDepth !== 8) {
    throw new UnsupportedPictureError(
      `The JPEG has ${bitDepth} bits a channel.`,
      "Save it with 8 bits a channel.",
    );
  }
  if (components !== 1 && components !== 3 && components !== 4) {
    throw new UnsupportedPictureError(
      `The JPEG has ${components} components.`,
      "Save it as grey, RGB or CMYK.",
    );
  }
  return { width, height, components, bitDepth };
}

function colourOf(frame: Frame, adobeTransform: number | undefined): PictureHeader["colour"] {
  if (frame.components === 1) return "grey";
  if (frame.components === 3) return "rgb";
  if (adobeTransform === undefined) {
    throw new UnsupportedPictureError(
      "The JPEG has four components and does not say which.",
      "Save it as RGB.",
    );
  }
  return adobeTransform === 2 ? "ycck" : "cmyk";
}
