/** Weights of an antialiased bilinear resampling along one axis, in Pillow's fixed-point arithmetic. */

/** Pillow's PRECISION_BITS: 32 bits less 8 of the pixel and 2 of headroom. */
export const PRECISION_BITS = 22;

/** Output `i` is the sum over `k < counts[i]` of input `starts[i] + k` times `values[i × stride + k]`, >> 22. */
export interface ResampleWeights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly stride: number;
  /** Fixed-point weights; those of one output add up to about 2^22. */
  readonly values: Int32Array;
}

/** A catalogue has few picture sizes, and each entry has at most some 200 KB. */
const MAX_CACHED = 32;

const cache = new Map<string, ResampleWeights>();

/**
 * Weights for `outSize` samples of the interval [from, to] of an axis with `inSize` pixels.
 *
 * @param from start of the interval in pixels; may be fractional, as with Pillow's `resize(box=…)`
 */
export function resampleWeights(inSize: number, from: number, to: number, outSize: number): ResampleWeights {
  const key = `${inSize} ${from} ${to} ${outSize}`;
  let weights = cache.get(key);
  if (weights) cache.delete(key);
  else weights = computeWeights(inSize, Math.fround(from), Math.fround(to), outSize);
  // A map keeps its order of insertion: the first key is the one that was not used for longest.
  cache.set(key, weights);
  if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value as string);
  return weights;
}

/** Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc` with the triangle filter. */
function computeWeights(inSize: number, from: number, to: number, outSize: number): ResampleWeights {
  const scale = Math.fround(to - from) / outSize;
  const support = Math.max(scale, 1);
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outSize);
  const counts = new Int32Array(outSize);
  const values = new Int32Array(outSize * stride);
  const exact = new Float64Array(stride);
  for (let out = 0; out < outSize; out++) {
    const center = from + (out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(inSize, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const distance = Math.abs((k + start - center + 0.5) * (1 / support));
      exact[k] = distance < 1 ? 1 - distance : 0;
      sum += exact[k]!;
    }
    for (let k = 0; k < count; k++) {
      const weight = sum === 0 ? exact[k]! : exact[k]! / sum;
      values[out * stride + k] = Math.trunc(0.5 + weight * (1 << PRECISION_BITS));
    }
    starts[out] = start;
    counts[out] = count;
  }
  return { starts, counts, stride, values };
}
