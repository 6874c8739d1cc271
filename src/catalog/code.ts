/** Sign codes as the index keeps them: 128 or 256 bits, whichever is long enough. */
import { type PackedBits, signCode } from "../vision/unified-embedding.ts";
import type { CodeBytes } from "./kernels/layout.ts";

/** Longer vectors have no code that the kernel knows. */
export const MAX_DIMENSIONS = 256;

/** Length of the codes of vectors of so many components. @throws RangeError when there is none */
export function codeBytesOf(dimensions: number): CodeBytes {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new RangeError(`vectors of ${dimensions} components: from 1 to ${MAX_DIMENSIONS} can be searched`);
  }
  return dimensions <= 128 ? 16 : 32;
}

/** A vector's signs; bits beyond its length are 0 in every code, and so in no distance. */
export function codeOf(vector: Float32Array<ArrayBuffer>): PackedBits {
  const signs = signCode(vector);
  const code = new Uint8Array(codeBytesOf(vector.length));
  code.set(signs);
  return code;
}
