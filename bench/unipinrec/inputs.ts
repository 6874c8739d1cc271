/** Made-up users and items: the same for every contestant, from one seed. */
import { type Engine, type Feeds, floatTensor, integerTensor, type Sizes, type Tensor } from "./graphs.ts";
import { halves } from "./half.ts";

/** mulberry32: numbers in [0, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` vectors of unit length, one after the other. */
export function unitVectors(count: number, dimensions: number, random: () => number): Float32Array {
  const vectors = new Float32Array(count * dimensions);
  for (let start = 0; start < vectors.length; start += dimensions) {
    const one = vectors.subarray(start, start + dimensions);
    let squares = 0;
    for (let at = 0; at < dimensions; at++) {
      one[at] = random() + random() + random() - 1.5;
      squares += one[at]! ** 2;
    }
    const length = Math.sqrt(squares);
    for (let at = 0; at < dimensions; at++) one[at] = one[at]! / length;
  }
  return vectors;
}

/** Vectors of items as the engine takes them, to be looked up by number. */
export class ItemTable {
  private readonly rows: Float32Array | Uint16Array;

  constructor(
    readonly vectors: Float32Array,
    private readonly engine: Engine,
    private readonly dimensions: number,
  ) {
    this.rows = engine.precision === "fp16" ? halves(vectors) : vectors;
  }

  get count(): number {
    return this.vectors.length / this.dimensions;
  }

  /** [batch, items of each, D]. */
  tensor(items: ArrayLike<number | bigint>, batch: number): Tensor {
    const { dimensions, rows } = this;
    const values = new (this.engine.precision === "fp16" ? Uint16Array : Float32Array)(
      items.length * dimensions,
    );
    for (let at = 0; at < items.length; at++) {
      const start = Number(items[at]) * dimensions;
      values.set(rows.subarray(start, start + dimensions), at * dimensions);
    }
    return floatTensor(this.engine, values, [batch, items.length / batch, dimensions]);
  }
}

/** Histories of `batch` users, all of n tokens, without a past. */
export function histories(
  table: ItemTable,
  engine: Engine,
  sizes: Sizes,
  batch: number,
  n: number,
  seed: number,
): Feeds {
  const random = randomNumbers(seed);
  const drawn = (count: number, draw: () => number) => Float32Array.from({ length: count }, draw);
  const tokens = batch * n;
  const items = Array.from({ length: tokens }, () => Math.floor(random() * table.count));
  return {
    items: table.tensor(items, batch),
    actions: floatTensor(
      engine,
      drawn(tokens * sizes.actions, () => Number(random() < 0.3)),
      [batch, n, sizes.actions],
    ),
    gaps: floatTensor(
      engine,
      drawn(tokens, () => random() * 14),
      [batch, n],
    ),
    surfaces: integerTensor(
      Array.from({ length: tokens }, () => Math.floor(random() * 5)),
      [batch, n],
    ),
    lengths: integerTensor(Array(batch).fill(n), [batch]),
  };
}

/** When and where candidates are shown. */
export function moment(engine: Engine, batch: number): Feeds {
  return {
    gap: floatTensor(engine, new Float32Array(batch).fill(8), [batch]),
    surface: integerTensor(Array(batch).fill(1), [batch]),
  };
}
