/** Which look category each item of a space has, in memory: a gate becomes a set of keys in one pass. */
import { KeySet } from "./key-set.ts";

/** Look categories are numbered from 1 in the order of first sight; no manifest names more than 1,024. */
const NONE = 0;

/**
 * A column over keys, two bytes an item.
 *
 * @example
 * ```ts
 * table.set(7, "chair");
 * index.nearest(code, 100, { among: table.select(["chair", "sofa"]) });
 * ```
 */
export class LookTable {
  readonly #numbers = new Map<string, number>();
  #column = new Uint16Array(0);

  /** Nothing: the item has no look category. */
  set(key: number, look: string | undefined): void {
    if (look === undefined) {
      if (key < this.#column.length) this.#column[key] = NONE;
      return;
    }
    if (key >= this.#column.length) this.#grow(key + 1);
    this.#column[key] = this.#numberOf(look);
  }

  /** Keys of items that have any of these. */
  select(looks: readonly string[]): KeySet {
    const wanted = new Uint8Array(this.#numbers.size + 1);
    for (const look of looks) {
      const number = this.#numbers.get(look);
      if (number !== undefined) wanted[number] = 1;
    }
    const column = this.#column;
    const selected = new KeySet(column.length);
    const { words } = selected;
    for (let key = 0; key < column.length; key++) words[key >>> 5]! |= wanted[column[key]!]! << (key & 31);
    return selected;
  }

  /** Bytes of the column. */
  get memoryBytes(): number {
    return this.#column.byteLength;
  }

  #numberOf(look: string): number {
    const known = this.#numbers.get(look);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    if (number > 0xffff) throw new RangeError("more than 65,535 look categories");
    this.#numbers.set(look, number);
    return number;
  }

  /** Room for at least `length`, and a quarter more than before so that growing stays rare. */
  #grow(length: number): void {
    const grown = new Uint16Array(Math.max(length, Math.ceil(this.#column.length * 1.25), 1024));
    grown.set(this.#column);
    this.#column = grown;
  }
}
