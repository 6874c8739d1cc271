/** Sizes of batches that a device is made ready for. */

/** Powers of two below `most`, and `most`: 1, 2, 4, 8, 12 for 12. */
export function batchSizes(most: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size < most; size *= 2) sizes.push(size);
  return [...sizes, most];
}
