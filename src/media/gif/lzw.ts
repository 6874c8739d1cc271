/** GIF's variable-length-code LZW, read from a chain of sub-blocks. */
import { ByteReader } from "../byte-reader.ts";
import { InvalidPictureError } from "../errors.ts";

const MAX_CODES = 4096;

/**
 * Decompresses exactly `count` palette indices; data beyond are not looked at.
 *
 * @param start position of the code size byte
 * @throws {InvalidPictureError} when the stream is damaged or ends early
 */
export function decompressLzw(bytes: Uint8Array, start: number, count: number): Uint8Array {
  const reader = new ByteReader(bytes, start);
  const minimumSize = reader.u8();
  if (minimumSize < 1 || minimumSize > 8)
    throw new InvalidPictureError("The GIF has an impossible code size.");
  const clear = 1 << minimumSize;
  const end = clear + 1;
  const prefix = new Uint16Array(MAX_CODES);
  const suffix = new Uint8Array(MAX_CODES);
  const lengths = new Uint16Array(MAX_CODES);
  for (let code = 0; code < clear; code++) {
    suffix[code] = code;
    lengths[code] = 1;
  }
  const output = new Uint8Array(count);
  let written = 0;
  let size = minimumSize + 1;
  let next = end + 1;
  let previous = -1;
  let bits = 0;
  let available = 0;
  let block = 0;
  while (written < count) {
    while (available < size) {
      if (block === 0) {
        block = reader.u8();
        if (block === 0) throw new InvalidPictureError("The GIF's first frame is incomplete.");
      }
      bits |= reader.u8() << available;
      available += 8;
      block--;
    }
    const code = bits & ((1 << size) - 1);
    bits >>>= size;
    available -= size;
    if (code === clear) {
      size = minimumSize + 1;
      next = end + 1;
      previous = -1;
      continue;
    }
    if (code === end) throw new InvalidPictureError("The GIF's first frame is incomplete.");
    if (code > next || (code === next && previous < 0))
      throw new InvalidPictureError("The GIF's data are damaged.");
    // The code about to be defined stands for the previous string and its own first index.
    const known = code === next ? previous : code;
    let length = lengths[known]!;
    const total = code === next ? length + 1 : length;
    let walk = known;
    let first = 0;
    for (; length > 0; length--) {
      first = suffix[walk]!;
      if (written + length <= count) output[written + length - 1] = first;
      walk = prefix[walk]!;
    }
    if (code === next && written + total <= count) output[written + total - 1] = first;
    if (previous >= 0 && next < MAX_CODES) {
      prefix[next] = previous;
      suffix[next] = first;
      lengths[next] = lengths[previous]! + 1;
      next++;
      if (next === 1 << size && size < 12) size++;
    }
    written += total;
    previous = code;
  }
  return output;
}
