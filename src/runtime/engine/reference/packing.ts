/** Where weights stand in their packed order; the compiler writes by these, the reference reads by them. */

/**
 * Offset of weight (column, k) of a matrix product: [columns/8][depth/8][2 groups][2 steps][4 columns × 4 depth].
 * @param depth Padded sum length, a multiple of 8.
 */
export function gemmWeight(column: number, k: number, depth: number): number {
  const panel = (column >> 3) * depth * 8;
  return panel + (k >> 3) * 64 + (column & 4) * 8 + (k & 4) * 4 + (column & 3) * 4 + (k & 3);
}

/**
 * Offset of weight (channel, tap) of a depthwise convolution: [channels/16][taps/4][16 channels × 4 taps].
 * @param groups Groups of four taps.
 */
export function depthwiseWeight(channel: number, tap: number, groups: number): number {
  return (channel >> 4) * groups * 64 + (tap >> 2) * 64 + (channel & 15) * 4 + (tap & 3);
}

/** Place of tap (ky, kx) among a depthwise kernel's: 3×3 goes column by column, with an empty fourth tap. */
export function depthwiseTap(ky: number, kx: number, kernelHeight: number, kernelWidth: number): number {
  return kernelHeight === 3 && kernelWidth === 3 ? 4 * kx + ky : ky * kernelWidth + kx;
}

/** Offset of weight (column, k) of a float layer: [columns/16][depth][16]. */
export function linearWeight(column: number, k: number, depth: number): number {
  return (column >> 4) * depth * 16 + k * 16 + (column & 15);
}
