/** AVIF: ISO base media boxes (ISO/IEC 23008-12, AV1 Image File Format), without decoding. */
import { ByteReader } from "../byte-reader.ts";
import { InvalidPictureError } from "../errors.ts";
import type { Orientation, PictureHeader } from "../picture.ts";
import { type Box, findBox, readBoxes, readTopLevelBoxes, skipVersion } from "./boxes.ts";

interface Properties {
  width: number;
  height: number;
  bitDepth: number;
  grey: boolean;
  /** Quarter turns anti-clockwise, 0 to 3. */
  rotation: number;
  /** 0: not mirrored, 1: top and bottom exchanged, 2: left and right exchanged. */
  mirror: number;
}

/** EXIF orientation of `rotation` quarter turns anti-clockwise, then `mirror`. */
const ORIENTATIONS: readonly (readonly Orientation[])[] = [
  [1, 4, 2],
  [8, 5, 7],
  [3, 2, 4],
  [6, 7, 5],
];

/** Whether `ftyp` names AVIF (`avif`, `avis`) among its brands. */
export function hasAvifBrand(bytes: Uint8Array): boolean {
  const reader = new ByteReader(bytes);
  const length = reader.u32();
  if (reader.text(4) !== "ftyp" || length < 16 || length > Math.min(bytes.length, 256)) return false;
  const brands = reader.text(length - 8);
  for (let at = 0; at < brands.length; at += 4) {
    if (at !== 4 && (brands.startsWith("avif", at) || brands.startsWith("avis", at))) return true;
  }
  return false;
}

/**
 * Size and turning of the primary item; of the first track when the file is a sequence.
 *
 * @throws {InvalidPictureError} when boxes are missing, damaged or cut off.
 */
export function readAvifHeader(bytes: Uint8Array): PictureHeader {
  const { boxes } = readTopLevelBoxes(bytes);
  const meta = findBox(boxes, "meta");
  const animated = new ByteReader(bytes, 8).text(4) === "avis";
  const properties = meta ? readPrimaryItem(meta) : undefined;
  const track = animated ? readTrack(boxes) : undefined;
  const size = track ?? properties;
  if (!size || size.width === 0 || size.height === 0) {
    throw new InvalidPictureError("The AVIF has no picture in it, or does not say how large it is.");
  }
  return {
    format: "avif",
    width: size.width,
    height: size.height,
    orientation: properties ? (ORIENTATIONS[properties.rotation]?.[properties.mirror] ?? 1) : 1,
    colour: properties?.grey ? "grey" : "rgb",
    bitDepth: properties?.bitDepth ?? 8,
    animated,
    hasAlpha: meta !== undefined && hasAlphaItem(meta),
    scans: 1,
  };
}

function readPrimaryItem(meta: Box): Properties | undefined {
  const children = metaChildren(meta);
  const pitm = findBox(children, "pitm")?.body();
  const iprp = findBox(children, "iprp");
  if (!pitm || !iprp) return undefined;
  const primary = skipVersion(pitm).version === 0 ? pitm.u16() : pitm.u32();
  const groups = readBoxes(iprp.body());
  const container = findBox(groups, "ipco");
  const associations = findBox(groups, "ipma");
  if (!container || !associations) return undefined;
  const all = readBoxes(container.body());
  const own = readAssociations(associations.body(), primary).map((index) => all[index - 1]);
  const properties: Properties = { width: 0, height: 0, bitDepth: 8, grey: false, rotation: 0, mirror: 0 };
  // A grid's tiles carry the coding parameters, the grid itself only its size.
  const coding = own.find((box) => box?.type === "av1C") ?? findBox(all, "av1C");
  for (const box of [coding, ...own]) if (box) readProperty(box, properties);
  return properties;
}

function readProperty(box: Box, into: Properties): void {
  const body = box.body();
  if (box.type === "ispe") {
    body.skip(4);
    into.width = body.u32();
    into.height = body.u32();
  } else if (box.type === "av1C") {
    body.skip(2);
    const flags = body.u8();
    into.bitDepth = flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8;
    into.grey = (flags & 0x10) !== 0;
  } else if (box.type === "irot") {
    into.rotation = body.u8() & 3;
  } else if (box.type === "imir") {
    into.mirror = 1 + (body.u8() & 1);
  }
}

/** Indices (from 1) of the properties of an item. */
function readAssociations(reader: ByteReader, item: number): number[] {
  const { version, flags } = skipVersion(reader);
  const entries = reader.u32();
  const wide = (flags & 1) === 1;
  for (let entry = 0; entry < entries; entry++) {
    const id = version === 0 ? reader.u16() : reader.u32();
    const count = reader.u8();
    const indices: number[] = [];
    for (let property = 0; property < count; property++) {
      indices.push(wide ? reader.u16() & 0x7fff : reader.u8() & 0x7f);
    }
    if (id === item) return indices;
  }
  return [];
}

function hasAlphaItem(meta: Box): boolean {
  const iprp = findBox(metaChildren(meta), "iprp");
  const container = iprp && findBox(readBoxes(iprp.body()), "ipco");
  return (
    container !== undefined &&
    readBoxes(container.body()).some((box) => {
      if (box.type !== "auxC") return false;
      const body = box.body();
      return body.text(Math.min(body.remaining, 64)).includes(":alpha");
    })
  );
}

/** Size of the first track that has one. */
function readTrack(boxes: readonly Box[]): { width: number; height: number } | undefined {
  const moov = findBox(boxes, "moov");
  for (const track of moov ? readBoxes(moov.body()) : []) {
    const tkhd = track.type === "trak" ? findBox(readBoxes(track.body()), "tkhd")?.body() : undefined;
    if (!tkhd) continue;
    tkhd.skip(skipVersion(tkhd).version === 1 ? 84 : 72);
    const width = tkhd.u32() >>> 16;
    const height = tkhd.u32() >>> 16;
    if (width > 0 && height > 0) return { width, height };
  }
  return undefined;
}

function metaChildren(meta: Box): Box[] {
  const body = meta.body();
  body.skip(4);
  return readBoxes(body);
}
