/** The one EXIF field that changes pixels: orientation. */
import type { Orientation } from "./picture.ts";

const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/**
 * Orientation from a TIFF block, as EXIF holds it (with or without the leading `Exif\0\0`).
 * Damaged blocks count as upright: metadata must not make a good picture undecodable.
 */
export function readOrientation(block: Uint8Array): Orientation {
  const start = block[0] === 0x45 && block[1] === 0x78 ? 6 : 0;
  if (block.length < start + 14) return 1;
  const view = new DataView(block.buffer, block.byteOffset + start, block.byteLength - start);
  const mark = view.getUint16(0);
  if (mark !== 0x4949 && mark !== 0x4d4d) return 1;
  const littleEndian = mark === 0x4949;
  const directory = view.getUint32(4, littleEndian);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, littleEndian);
  for (let entry = 0, at = directory + 2; entry < entries && at + 12 <= view.byteLength; entry++, at += 12) {
    if (view.getUint16(at, littleEndian) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(at + 8, littleEndian);
    const valid = view.getUint16(at + 2, littleEndian) === SHORT && value >= 1 && value <= 8;
    return valid ? (value as Orientation) : 1;
  }
  return 1;
}
