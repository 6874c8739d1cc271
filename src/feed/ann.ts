/** Approximate nearest neighbours by inner product: HNSW of usearch where it is installed, else exact search. */
import type { Index } from "usearch";
import { topOf } from "./top.ts";

/** Rows of an index and their inner products with the query, the nearest first. */
export interface Neighbours {
  readonly rows: Uint32Array;
  readonly similarities: Float32Array;
}

export interface AnnIndex {
  /** What searches: `usearch` or `exact`. */
  readonly kind: string;
  readonly size: number;
  /** Adds unit vectors, one after the other; their rows are the next numbers. */
  add(vectors: Float32Array): void;
  /** @param k 1 or more; fewer come back from an index that has fewer */
  search(query: Float32Array, k: number): Neighbours;
}

/** Neighbours of each vector in the graph, and candidates while it is built and searched: HNSW's usual figures. */
const CONNECTIVITY = 16;
const EXPANSION_ADD = 128;
const EXPANSION_SEARCH = 256;

type Usearch = typeof import("usearch");
let imported: Promise<Usearch | undefined> | undefined;

/** @param kind `exact` also where usearch is installed. @default what is installed */
export async function annIndex(dimensions: number, kind?: "usearch" | "exact"): Promise<AnnIndex> {
  imported ??= import("usearch").catch(() => undefined);
  const usearch = kind === "exact" ? undefined : await imported;
  if (!usearch && kind === "usearch") throw new Error("usearch is not installed");
  return usearch ? new GraphIndex(usearch, dimensions) : new ExactIndex(dimensions);
}

class GraphIndex implements AnnIndex {
  readonly kind = "usearch";
  readonly #index: Index;
  readonly #dimensions: number;
  #size = 0;

  constructor({ Index, MetricKind, ScalarKind }: Usearch, dimensions: number) {
    this.#dimensions = dimensions;
    this.#index = new Index({
      dimensions,
      metric: MetricKind.IP,
      quantization: ScalarKind.F16,
      connectivity: CONNECTIVITY,
      expansion_add: EXPANSION_ADD,
      expansion_search: EXPANSION_SEARCH,
      multi: false,
    });
  }

  get size(): number {
    return this.#size;
  }

  add(vectors: Float32Array): void {
    const count = vectors.length / this.#dimensions;
    if (count === 0) return;
    const first = this.#size;
    this.#index.add(
      BigUint64Array.from({ length: count }, (_, row) => BigInt(first + row)),
      vectors,
    );
    this.#size += count;
  }

  search(query: Float32Array, k: number): Neighbours {
    if (this.#size === 0) return { rows: new Uint32Array(0), similarities: new Float32Array(0) };
    const { keys, distances } = this.#index.search(query, Math.min(k, this.#size), 1);
    return { rows: Uint32Array.from(keys, Number), similarities: distances.map((distance) => 1 - distance) };
  }
}

/** Vectors of a block: some hundred kilobytes, so that growing copies nothing. */
const BLOCK_ROWS = 1_024;

class ExactIndex implements AnnIndex {
  readonly kind = "exact";
  readonly #dimensions: number;
  readonly #blocks: Float32Array[] = [];
  #size = 0;

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
  }

  get size(): number {
    return this.#size;
  }

  add(vectors: Float32Array): void {
    const dimensions = this.#dimensions;
    for (let at = 0; at < vectors.length; at += dimensions) {
      const row = this.#size++ % BLOCK_ROWS;
      if (row === 0) this.#blocks.push(new Float32Array(BLOCK_ROWS * dimensions));
      this.#blocks.at(-1)!.set(vectors.subarray(at, at + dimensions), row * dimensions);
    }
  }

  search(query: Float32Array, k: number): Neighbours {
    const scores = new Float32Array(this.#size);
    for (let row = 0; row < this.#size; row++) {
      const block = this.#blocks[Math.floor(row / BLOCK_ROWS)]!;
      const start = (row % BLOCK_ROWS) * this.#dimensions;
      let sum = 0;
      for (let at = 0; at < this.#dimensions; at++) sum += query[at]! * block[start + at]!;
      scores[row] = sum;
    }
    const rows = topOf(scores, k);
    return { rows, similarities: Float32Array.from(rows, (row) => scores[row]!) };
  }
}
