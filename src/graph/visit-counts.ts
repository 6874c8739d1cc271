/** How often a walk came by each item: an open-addressing hash table, since a walk sees few of many items. */

const EMPTY = 0xffffffff;

/** Entries for every slot at most: linear probing stays short below. */
const MAX_LOAD = 0.5;

export class VisitCounts {
  #items: Uint32Array;
  #counts: Uint32Array;
  #size = 0;

  /** @param expected different items that it takes without growing */
  constructor(expected = 512) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, expected / MAX_LOAD)));
    this.#items = new Uint32Array(slots).fill(EMPTY);
    this.#counts = new Uint32Array(slots);
  }

  /** Different items. */
  get size(): number {
    return this.#size;
  }

  /** Counts a visit. @returns how many the item has by now */
  visit(item: number): number {
    const slot = this.#slotOf(item);
    if (this.#items[slot] === EMPTY) {
      if (this.#size + 1 > this.#items.length * MAX_LOAD) {
        this.#grow();
        return this.visit(item);
      }
      this.#items[slot] = item;
      this.#size++;
    }
    return ++this.#counts[slot]!;
  }

  get(item: number): number {
    return this.#counts[this.#slotOf(item)]!;
  }

  /** All items that were visited with their visits, in no order. */
  forEach(call: (item: number, visits: number) => void): void {
    for (let slot = 0; slot < this.#items.length; slot++) {
      const item = this.#items[slot]!;
      if (item !== EMPTY) call(item, this.#counts[slot]!);
    }
  }

  /** Forgets all visits; its room stays. */
  clear(): void {
    this.#items.fill(EMPTY);
    this.#counts.fill(0);
    this.#size = 0;
  }

  #slotOf(item: number): number {
    const mask = this.#items.length - 1;
    // Fibonacci hashing spreads numbers that follow each other.
    let slot = (Math.imul(item, 0x9e3779b1) >>> 8) & mask;
    while (this.#items[slot] !== item && this.#items[slot] !== EMPTY) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [items, counts] = [this.#items, this.#counts];
    this.#items = new Uint32Array(items.length * 2).fill(EMPTY);
    this.#counts = new Uint32Array(items.length * 2);
    for (let at = 0; at < items.length; at++) {
      if (items[at] === EMPTY) continue;
      const slot = this.#slotOf(items[at]!);
      this.#items[slot] = items[at]!;
      this.#counts[slot] = counts[at]!;
    }
  }
}
