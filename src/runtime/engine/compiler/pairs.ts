/** Where two inner products may share their 16-bit sums: the fastest kernel on most x86 processors. */
import { gemmWeight } from "../reference/packing.ts";

/** Activations are 0 … 127. */
const LARGEST_ACTIVATION = 127;
/** A 16-bit lane then holds the products of weights whose positive and negative sums both stay within this. */
const LARGEST_SUM = Math.floor(32767 / LARGEST_ACTIVATION);

/** Depth indices that meet in one 16-bit lane, of every 8. */
const LANES = [
  [0, 1, 4, 5],
  [2, 3, 6, 7],
] as const;

/**
 * @param packed Packed weights of a matrix product.
 * @returns a byte for each 8 columns: 1 when no activations of 7 bits can overflow a lane.
 */
export function pairsFit(packed: Int8Array, columns: number, depth: number): Uint8Array {
  return Uint8Array.from({ length: columns / 8 }, (_, block) => {
    for (let column = block * 8; column < block * 8 + 8; column++) {
      for (let k = 0; k < depth; k += 8) {
        for (const lane of LANES) {
          let positive = 0;
          let negative = 0;
          for (const step of lane) {
            const weight = packed[gemmWeight(column, k + step, depth)]!;
            if (weight > 0) positive += weight;
            else negative -= weight;
          }
          if (Math.max(positive, negative) > LARGEST_SUM) return 0;
        }
      }
    }
    return 1;
  });
}
