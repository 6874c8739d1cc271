/** The items that an origin retrieves and ranks: ids, their vectors by the item graph, and an index over these. */
import { fromHalf, toHalf } from "../runtime/half.ts";
import { type AnnIndex, annIndex, type Neighbours } from "./ann.ts";
import type { SequenceModel } from "./sequence-model.ts";
import type { VectorPage } from "./vector-page.ts";

/** Most items: four full shards. Their vectors take 2 GiB, the index over them as much again. */
export const MAX_TABLE_ITEMS = 4_000_000;

/** Content vectors that go through the item graph at once: requests in work wait no longer than for one such batch. */
export const ITEMS_AT_ONCE = 128;

/** Vectors of the item graph may be this far from unit length: half precision keeps three digits. */
const UNIT_TOLERANCE = 1e-2;

/** Rows of a block: growing copies nothing. */
const BLOCK_ROWS = 4_096;

/** Something about the table's source or vectors is not as it must be; the table before stays. */
export class ItemTableError extends Error {
  override readonly name = "ItemTableError";
}

/** Never changes once it is built. */
export class ItemTable {
  /** What the source calls this state of its vectors. */
  readonly revision: string;
  /** When it was built, in ms since 1970. */
  readonly builtAt: number;
  readonly dimensions: number;
  readonly #ids: readonly string[];
  readonly #rows: ReadonlyMap<string, number>;
  readonly #blocks: readonly Uint16Array[];
  readonly #index: AnnIndex;

  constructor(revision: string, parts: TableParts, builtAt = Date.now()) {
    this.revision = revision;
    this.builtAt = builtAt;
    this.dimensions = parts.dimensions;
    this.#ids = parts.ids;
    this.#rows = parts.rows;
    this.#blocks = parts.blocks;
    this.#index = parts.index;
  }

  get size(): number {
    return this.#ids.length;
  }

  /** What searches it: `usearch` or `exact`. */
  get kind(): string {
    return this.#index.kind;
  }

  /** The row of an item; nothing when the table does not have it. */
  rowOf(id: string): number | undefined {
    return this.#rows.get(id);
  }

  idOf(row: number): string {
    return this.#ids[row]!;
  }

  /** The vector of a row as halves: a view. */
  vector(row: number): Uint16Array {
    const start = (row % BLOCK_ROWS) * this.dimensions;
    return this.#blocks[Math.floor(row / BLOCK_ROWS)]!.subarray(start, start + this.dimensions);
  }

  /** Vectors of rows as halves, one after the other. */
  vectors(rows: ArrayLike<number>): Uint16Array {
    const vectors = new Uint16Array(rows.length * this.dimensions);
    for (let at = 0; at < rows.length; at++) vectors.set(this.vector(rows[at]!), at * this.dimensions);
    return vectors;
  }

  /** @param k 1 or more */
  nearest(query: Float32Array, k: number): Neighbours {
    return this.#index.search(query, k);
  }
}

interface TableParts {
  readonly dimensions: number;
  readonly ids: string[];
  readonly rows: Map<string, number>;
  readonly blocks: Uint16Array[];
  readonly index: AnnIndex;
}

export interface BuildOptions {
  readonly model: Pick<SequenceModel, "manifest" | "items">;
  readonly revision: string;
  readonly pages: AsyncIterable<VectorPage>;
  /** Told how many items there are so far, page by page. */
  readonly onProgress?: ((items: number) => void) | undefined;
  /** @default what is installed */
  readonly index?: "usearch" | "exact" | undefined;
  /** @default MAX_TABLE_ITEMS */
  readonly maxItems?: number | undefined;
}

/**
 * Builds a table beside the one that is in use.
 * @throws {ItemTableError} for vectors of another model or length, too many of them, or a graph that answers nonsense
 */
export async function buildItemTable(options: BuildOptions): Promise<ItemTable> {
  const { model, revision, pages, onProgress, maxItems = MAX_TABLE_ITEMS } = options;
  const { content, dimensions } = model.manifest;
  const index = await annIndex(dimensions, options.index);
  const parts: TableParts = { dimensions, ids: [], rows: new Map(), blocks: [], index };
  for await (const page of pages) {
    if (page.model !== content.model || page.dimensions !== content.dimensions) {
      const got = `${page.model} of ${page.dimensions} components`;
      throw new ItemTableError(`the catalogue's vectors are by ${got}, the model takes ${content.model}`);
    }
    if (parts.ids.length + page.ids.length > maxItems) {
      throw new ItemTableError(`the catalogue has more than ${maxItems} items`);
    }
    for (let from = 0; from < page.ids.length; from += ITEMS_AT_ONCE) {
      const ids = page.ids.slice(from, from + ITEMS_AT_ONCE);
      const end = (from + ids.length) * content.dimensions;
      const vectors = await model.items(fromHalf(page.vectors.subarray(from * content.dimensions, end)));
      assertUnits(vectors, ids.length, dimensions);
      add(parts, ids, vectors);
      await nextTurn();
    }
    onProgress?.(parts.ids.length);
  }
  return new ItemTable(revision, parts);
}

/** An item that was written while the pages were read may come twice: the first counts. */
function add(
  { dimensions, ids, rows, blocks, index }: TableParts,
  some: readonly string[],
  vectors: Float32Array,
) {
  const fresh = some.flatMap((id, at) => (rows.has(id) || some.indexOf(id) < at ? [] : at));
  const kept = new Float32Array(fresh.length * dimensions);
  for (const [place, at] of fresh.entries()) {
    const vector = vectors.subarray(at * dimensions, (at + 1) * dimensions);
    kept.set(vector, place * dimensions);
    const row = ids.length;
    if (row % BLOCK_ROWS === 0) blocks.push(new Uint16Array(BLOCK_ROWS * dimensions));
    blocks.at(-1)!.set(toHalf(vector), (row % BLOCK_ROWS) * dimensions);
    rows.set(some[at]!, row);
    ids.push(some[at]!);
  }
  index.add(kept);
}

function assertUnits(vectors: Float32Array, count: number, dimensions: number): void {
  if (vectors.length !== count * dimensions)
    throw new ItemTableError("the item graph answered another shape");
  for (let row = 0; row < count; row++) {
    const norm = Math.hypot(...vectors.subarray(row * dimensions, (row + 1) * dimensions));
    // What is no number fails this too.
    if (!(Math.abs(norm - 1) <= UNIT_TOLERANCE)) {
      throw new ItemTableError(`the item graph answered a vector of length ${norm}`);
    }
  }
}

/** Lets requests in work go on. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
