/** What every index in the search benchmark can do. */

/** One vector index, empty at first. Keys are 0 … n − 1. */
export interface Contestant {
  /** Takes all vectors, n×256, unit length. */
  build(vectors: Float32Array<ArrayBuffer>): Promise<void>;
  /** Keys of the `k` nearest, nearest first. */
  search(vector: Float32Array<ArrayBuffer>, k: number): Promise<readonly number[]>;
  /** Gives up everything in memory and starts again from disk, until it has answered a search. Milliseconds. */
  reload?(probe: Float32Array<ArrayBuffer>): Promise<number>;
  /** Bytes that the index holds in memory, as far as it can be told. */
  memoryBytes(): Promise<number>;
  close(): Promise<void>;
}

export const DIMENSIONS = 256;

/** Row `at` of a matrix. */
export function row(vectors: Float32Array<ArrayBuffer>, at: number): Float32Array<ArrayBuffer> {
  return vectors.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS);
}
