/** Writing instructions. */
import type { Op } from "./fields.ts";

/** A word that is a 32-bit float. */
export interface Real {
  readonly real: number;
}

/** Words by their index; those left out are 0. */
export type Words = Readonly<Record<number, number | Real>>;

/** @param length Words of the instruction: the `Length` of its enum. */
export function encodeInstruction(op: Op, length: number, words: Words): Uint32Array {
  const encoded = new DataView(new ArrayBuffer(4 * length));
  encoded.setInt32(0, op, true);
  encoded.setInt32(4, length, true);
  for (const [index, word] of Object.entries(words)) {
    const offset = 4 * Number(index);
    if (typeof word === "number") encoded.setInt32(offset, word, true);
    else encoded.setFloat32(offset, word.real, true);
  }
  return new Uint32Array(encoded.buffer);
}
