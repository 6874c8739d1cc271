/** A set of small whole numbers, one bit each. */

/** Keys 0 … capacity − 1, least significant bit of the first word first. */
export class KeySet {
  #words: Uint32Array;

  constructor(capacity = 0) {
    this.#words = new Uint32Array((capacity + 31) >>> 5);
  }

  /** A bit a key, 32 keys a word. Keys beyond the last word are not in the set. */
  get words(): Uint32Array {
    return this.#words;
  }

  add(key: number): void {
    const word = key >>> 5;
    if (word >= this.#words.length) this.#grow(word + 1);
    this.#words[word]! |= 1 << (key & 31);
  }

  delete(key: number): void {
    const word = key >>> 5;
    if (word < this.#words.length) this.#words[word]! &= ~(1 << (key & 31));
  }

  has(key: number): boolean {
    return ((this.#words[key >>> 5] ?? 0) & (1 << (key & 31))) !== 0;
  }

  /** Removes all keys that are not in the other set, too. */
  intersect(other: KeySet): void {
    for (let word = 0; word < this.#words.length; word++) this.#words[word]! &= other.words[word] ?? 0;
  }

  /** How many keys are in the set. Counts them. */
  count(): number {
    let count = 0;
    for (let word of this.#words) {
      for (; word !== 0; word &= word - 1) count++;
    }
    return count;
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, this.#words.length * 2));
    grown.set(this.#words);
    this.#words = grown;
  }
}
