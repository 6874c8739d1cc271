/** Seeded unit vectors that lie as embeddings of a catalogue do: categories, products in them, views of products. */
import type { Embedding } from "../../src/vision/unified-embedding.ts";

export interface ClusterOptions {
  /** @default 256 */
  readonly dimensions?: number;
  /** Vectors of one category, on average. @default 500 */
  readonly perCategory?: number;
  /** Vectors of one product, on average. @default 4 */
  readonly perProduct?: number;
  /** Spread of products in their category, where categories have 1. @default 0.8 */
  readonly productSpread?: number;
  /** Spread of views of their product. @default 0.5 */
  readonly viewSpread?: number;
  /** Component i has a standard deviation of (i + 1)^−decay, as in vectors whose spectrum was learnt. @default 0.25 */
  readonly decay?: number;
}

/** Draws standard normal numbers, the same for the same seed. */
export function normals(seed: number): () => number {
  let state = seed >>> 0;
  let spare: number | undefined;
  const uniform = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => {
    // Box and Muller: two uniform numbers make two normal ones.
    if (spare !== undefined) {
      const second = spare;
      spare = undefined;
      return second;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * Vector `index` is the unit vector of spectrum ⊙ (category + productSpread·product + viewSpread·view), where
 * category, product and view are standard normal; its category and product depend on `index` alone. The same
 * seed, count and index always give the same vector, so that a million of them need not be kept.
 */
export class ClusteredVectors {
  readonly #seed: number;
  readonly #categories: number;
  readonly #products: number;
  readonly #options: Required<ClusterOptions>;
  readonly #spectrum: Float64Array;
  readonly #centres = new Map<number, Float64Array>();

  constructor(seed: number, count: number, options: ClusterOptions = {}) {
    const all = {
      dimensions: 256,
      perCategory: 500,
      perProduct: 4,
      productSpread: 0.8,
      viewSpread: 0.5,
      decay: 0.25,
    };
    this.#options = { ...all, ...options };
    this.#seed = seed;
    this.#categories = Math.max(1, Math.round(count / this.#options.perCategory));
    this.#products = Math.max(1, Math.round(count / this.#options.perProduct));
    this.#spectrum = Float64Array.from(
      { length: this.#options.dimensions },
      (_, i) => (i + 1) ** -this.#options.decay,
    );
  }

  /** Views from `count` on are held out: same products, not in the catalogue. */
  at(index: number): Embedding {
    const { dimensions, productSpread, viewSpread } = this.#options;
    const product = scatter(index, this.#seed) % this.#products;
    const category = scatter(product, this.#seed + 1) % this.#categories;
    const a = this.#categoryVector(category);
    const b = normals(scatter(product, this.#seed + 3));
    const c = normals(scatter(index, this.#seed + 4));
    const vector = new Float32Array(dimensions);
    let squares = 0;
    for (let i = 0; i < dimensions; i++) {
      vector[i] = this.#spectrum[i]! * (a[i]! + productSpread * b() + viewSpread * c());
      squares += vector[i]! ** 2;
    }
    const length = Math.sqrt(squares);
    return vector.map((value) => value / length);
  }

  #categoryVector(category: number): Float64Array {
    const known = this.#centres.get(category);
    if (known) return known;
    const normal = normals(scatter(category, this.#seed + 2));
    const centre = Float64Array.from({ length: this.#options.dimensions }, normal);
    this.#centres.set(category, centre);
    return centre;
  }
}

/** Mixes a number and a seed into 32 bits. */
export function scatter(value: number, seed: number): number {
  let mixed = (value ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
