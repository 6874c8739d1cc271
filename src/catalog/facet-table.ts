/** What filters look at, for all items of a shard in memory: a filter becomes a set of keys in one pass. */
import { categoriesOf, conditionsOf, type Facets, type Filter, inRange, type Scalar } from "./filter.ts";
import { KeySet } from "./key-set.ts";

/** One value of one attribute (or of the category), numbered in the order of first sight. */
interface Facet {
  readonly id: number;
  readonly value: Scalar;
}

/** The category is kept like an attribute, under a name that no attribute can have. */
const CATEGORY = "";

/** Facets of removed items are left in the pool until they are half of it, and at least this many. */
const TIDY_AT = 65_536;

/**
 * Columns over keys. An item costs 16 bytes and 4 more for every value; a value that many items share is kept once.
 *
 * @example
 * ```ts
 * table.set(7, { category: "vases", price: 20, attributes: { colour: ["red", "blue"] } });
 * index.nearest(code, 100, { among: table.select({ category: "vases" }) });
 * ```
 */
export class FacetTable {
  /** Name → value → facet. */
  readonly #names = new Map<string, Map<Scalar, Facet>>();
  #facetCount = 0;
  /** Price by key; NaN for none. */
  #prices = new Float64Array(0);
  /** Where a key's facets begin in the pool, and how many there are. */
  #starts = new Uint32Array(0);
  #counts = new Uint32Array(0);
  #pool = new Uint32Array(0);
  #poolEnd = 0;
  #garbage = 0;
  /** One more than the largest key ever set. */
  #end = 0;

  set(key: number, facets: Facets): void {
    this.#reserve(key + 1);
    this.#discard(key);
    this.#prices[key] = facets.price ?? Number.NaN;
    const ids = [...this.#idsOf(facets)];
    if (this.#poolEnd + ids.length > this.#pool.length)
      this.#pool = grown(this.#pool, this.#poolEnd + ids.length);
    this.#pool.set(ids, this.#poolEnd);
    this.#starts[key] = this.#poolEnd;
    this.#counts[key] = ids.length;
    this.#poolEnd += ids.length;
  }

  delete(key: number): void {
    if (key >= this.#end) return;
    this.#discard(key);
    this.#prices[key] = Number.NaN;
  }

  /** Keys whose facets match the filter. Keys that were never set match only an empty filter. */
  select(filter: Filter): KeySet {
    const { bits, all } = this.#conditionBits(filter);
    const { price } = filter;
    const min = price?.min ?? Number.NEGATIVE_INFINITY;
    const max = price?.max ?? Number.POSITIVE_INFINITY;
    const selected = new KeySet(this.#end);
    for (let key = 0; key < this.#end; key++) {
      // NaN is in no range.
      if (price && !(this.#prices[key]! >= min && this.#prices[key]! <= max)) continue;
      let met = 0;
      const end = this.#starts[key]! + this.#counts[key]!;
      for (let at = this.#starts[key]!; at < end; at++) met |= bits[this.#pool[at]!]!;
      if (met === all) selected.add(key);
    }
    return selected;
  }

  /** Bytes of the columns; the dictionary of values comes on top. */
  get memoryBytes(): number {
    return (
      this.#prices.byteLength + this.#starts.byteLength + this.#counts.byteLength + this.#pool.byteLength
    );
  }

  /** For every facet the conditions that it meets, a bit each; and the bits of all conditions. */
  #conditionBits(filter: Filter): { bits: Uint32Array; all: number } {
    const bits = new Uint32Array(this.#facetCount);
    let all = 0;
    let bit = 1;
    const categories = categoriesOf(filter);
    const conditions = conditionsOf(filter);
    if (categories) conditions.push([CATEGORY, { values: categories }]);
    for (const [name, condition] of conditions) {
      const facets = this.#names.get(name);
      if ("values" in condition) {
        for (const value of condition.values) {
          const facet = facets?.get(value);
          if (facet) bits[facet.id]! |= bit;
        }
      } else {
        for (const facet of facets?.values() ?? []) {
          if (inRange(facet.value, condition.range)) bits[facet.id]! |= bit;
        }
      }
      all |= bit;
      bit <<= 1;
    }
    return { bits, all };
  }

  *#idsOf({ category, attributes = {} }: Facets): Generator<number> {
    if (category !== undefined) yield this.#idOf(CATEGORY, category);
    for (const [name, value] of Object.entries(attributes)) {
      if (Array.isArray(value)) for (const one of new Set(value)) yield this.#idOf(name, one);
      else yield this.#idOf(name, value);
    }
  }

  #idOf(name: string, value: Scalar): number {
    const values = this.#names.get(name) ?? new Map<Scalar, Facet>();
    this.#names.set(name, values);
    const facet = values.get(value) ?? { id: this.#facetCount++, value };
    values.set(value, facet);
    return facet.id;
  }

  #discard(key: number): void {
    this.#garbage += this.#counts[key]!;
    this.#counts[key] = 0;
    if (this.#garbage > TIDY_AT && this.#garbage * 2 > this.#poolEnd) this.#tidy();
  }

  #tidy(): void {
    const pool = new Uint32Array(this.#poolEnd - this.#garbage);
    let end = 0;
    for (let key = 0; key < this.#end; key++) {
      const start = this.#starts[key]!;
      pool.set(this.#pool.subarray(start, start + this.#counts[key]!), end);
      this.#starts[key] = end;
      end += this.#counts[key]!;
    }
    this.#pool = pool;
    this.#poolEnd = end;
    this.#garbage = 0;
  }

  #reserve(end: number): void {
    if (end > this.#starts.length) {
      this.#starts = grown(this.#starts, end);
      this.#counts = grown(this.#counts, end);
      const prices = new Float64Array(this.#starts.length).fill(Number.NaN);
      prices.set(this.#prices);
      this.#prices = prices;
    }
    this.#end = Math.max(this.#end, end);
  }
}

/** A copy with room for at least `length`, and a quarter more than before so that growing stays rare. */
function grown(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(Math.max(length, Math.ceil(array.length * 1.25), 1024));
  copy.set(array);
  return copy;
}
