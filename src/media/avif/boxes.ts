/** Boxes of the ISO base media file format (ISO/IEC 14496-12). */
import { ByteReader } from "../byte-reader.ts";
import { InvalidPictureError } from "../errors.ts";

export interface Box {
  readonly type: string;
  /** Position behind it in the file. */
  readonly end: number;
  /** A fresh reader of the box's content. */
  body(): ByteReader;
}

/** A picture has some dozens; bounds the work on a file made of empty boxes. */
const MAX_BOXES = 2_000;

/** The boxes, one level deep, until the reader's end. Fewer than 8 bytes left over are ignored. */
export function readBoxes(reader: ByteReader): Box[] {
  const boxes: Box[] = [];
  while (reader.remaining >= 8) {
    if (boxes.length === MAX_BOXES) throw new InvalidPictureError("The file has too many boxes.");
    boxes.push(readBox(reader));
  }
  return boxes;
}

function readBox(reader: ByteReader): Box {
  const size = reader.u32();
  const type = reader.text(4);
  const length = size === 1 ? reader.u64() - 16 : size === 0 ? reader.remaining : size - 8;
  const content = reader.window(length);
  return { type, end: content.end, body: () => content.copy() };
}

/** Boxes that stand at the top of an AVIF file. */
const TOP_LEVEL = new Set([
  "ftyp",
  "meta",
  "moov",
  "mdat",
  "moof",
  "mfra",
  "idat",
  "free",
  "skip",
  "uuid",
  "sidx",
]);

/** The boxes of a file, and where they end: what follows the first unknown one is not part of the picture. */
export function readTopLevelBoxes(bytes: Uint8Array): { boxes: Box[]; end: number } {
  const boxes: Box[] = [];
  let end = 0;
  while (bytes.length - end >= 8 && boxes.length < MAX_BOXES) {
    const reader = new ByteReader(bytes, end);
    reader.skip(4);
    if (!TOP_LEVEL.has(reader.text(4))) break;
    const box = readBox(new ByteReader(bytes, end));
    boxes.push(box);
    end = box.end;
  }
  return { boxes, end };
}

export function findBox(boxes: readonly Box[], type: string): Box | undefined {
  return boxes.find((box) => box.type === type);
}

/** Reads the version byte and the 24 flags that "full" boxes start with. */
export function skipVersion(reader: ByteReader): { version: number; flags: number } {
  return { version: reader.u8(), flags: reader.u24() };
}
