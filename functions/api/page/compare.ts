/** Arithmetic on embeddings: similarity, codes, and what each dimension adds. */

export type Embedding = Float32Array;

export interface Comparison {
  /** -1…1. For vectors of unit length, the sum of `contributions`. */
  readonly cosine: number;
  /** Share of equal sign bits, 0…1. */
  readonly hamming: number;
  readonly equalBits: number;
  /** What each dimension adds to the cosine (positive: the pictures agree in it). */
  readonly contributions: Float32Array;
  /** Sums of the positive and of the negative contributions. */
  readonly gain: number;
  readonly loss: number;
}

/** Compares two embeddings of equal length. @throws {RangeError} when the lengths differ or a vector is zero. */
export function compare(a: Embedding, b: Embedding): Comparison {
  if (a.length !== b.length) throw new RangeError(`cannot compare ${a.length} with ${b.length} dimensions`);
  const scale = length(a) * length(b);
  if (scale === 0) throw new RangeError("cannot compare a vector of zeros");
  const contributions = a.map((value, i) => (value * b[i]!) / scale);
  let gain = 0;
  let loss = 0;
  let equalBits = 0;
  for (let i = 0; i < a.length; i += 1) {
    const contribution = contributions[i]!;
    if (contribution > 0) gain += contribution;
    else loss += contribution;
    if (signBit(a[i]!) === signBit(b[i]!)) equalBits += 1;
  }
  return {
    cosine: Math.max(-1, Math.min(1, gain + loss)),
    hamming: equalBits / a.length,
    equalBits,
    contributions,
    gain,
    loss,
  };
}

/** One bit of the binary code: whether the value is positive. */
export const signBit = (value: number): boolean => value > 0;

/** The same direction with length 1; a vector of zeros stays as it is. */
export function unit(vector: Embedding): Embedding {
  const norm = length(vector);
  return norm === 0 ? vector : vector.map((value) => value / norm);
}

/** Indices of the `count` largest values by `weight`, largest first. */
export function strongest(values: Float32Array, count: number, weight: (value: number) => number): number[] {
  return [...values.keys()].sort((x, y) => weight(values[y]!) - weight(values[x]!)).slice(0, count);
}

function length(vector: Embedding): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}
