/**
 * Keys and values of histories on a device, by whose they are, so that a later request goes on where the last one
 * ended. Their memory is freed exactly once, and never while somebody works with it.
 */

/** Something in a device's memory. */
export interface Held {
  readonly bytes: number;
  /** Frees the memory; called once. */
  dispose(): void;
}

/** The right to work with an entry. Ending it twice does no harm. */
export interface Lease<Entry extends Held> {
  readonly entry: Entry;
  end(): void;
}

export interface KvPoolOptions {
  /** Bytes of all entries; those used longest ago make room. One that is larger by itself is not kept. */
  readonly budgetBytes: number;
  /** Milliseconds after its last use for which an entry is kept. */
  readonly ttlMs: number;
  /** Milliseconds. @default Date.now */
  readonly clock?: () => number;
}

export interface KvPoolStats {
  readonly entries: number;
  /** Of all memory that is not freed: entries that were evicted while in use count until they are. */
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  /** For lack of room, or of use. */
  readonly evictions: number;
}

interface Slot<Entry> {
  readonly entry: Entry;
  leases: number;
  kept: boolean;
  usedAt: number;
}

export class KvPool<Entry extends Held> {
  readonly #options: KvPoolOptions;
  readonly #clock: () => number;
  /** The one used longest ago first. */
  readonly #slots = new Map<string, Slot<Entry>>();
  #bytes = 0;
  /** Bytes of the entries that are kept: without those that were evicted while in use. */
  #kept = 0;
  #hits = 0;
  #misses = 0;
  #evictions = 0;

  constructor(options: KvPoolOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
  }

  get stats(): KvPoolStats {
    const entries = this.#slots.size;
    return {
      entries,
      bytes: this.#bytes,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
    };
  }

  /** What is kept under a key, if anything is. */
  get(key: string): Lease<Entry> | undefined {
    this.sweep();
    const slot = this.#slots.get(key);
    if (!slot) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    slot.usedAt = this.#clock();
    this.#slots.delete(key);
    this.#slots.set(key, slot);
    return this.#lease(slot);
  }

  /** Keeps an entry in place of the one under its key, and hands it back to work with. */
  put(key: string, entry: Entry): Lease<Entry> {
    this.drop(key);
    this.#bytes += entry.bytes;
    const fits = entry.bytes <= this.#options.budgetBytes;
    const slot: Slot<Entry> = { entry, leases: 0, kept: fits, usedAt: this.#clock() };
    const lease = this.#lease(slot);
    if (!fits) return lease;
    this.#kept += entry.bytes;
    this.#slots.set(key, slot);
    this.sweep();
    for (const other of this.#slots.keys()) {
      if (this.#kept <= this.#options.budgetBytes) break;
      this.drop(other);
      this.#evictions += 1;
    }
    return lease;
  }

  /** Forgets what is under a key. */
  drop(key: string): void {
    const slot = this.#slots.get(key);
    if (!slot) return;
    this.#slots.delete(key);
    slot.kept = false;
    this.#kept -= slot.entry.bytes;
    this.#free(slot);
  }

  /** Forgets what was not used for too long. */
  sweep(): void {
    const latest = this.#clock() - this.#options.ttlMs;
    for (const [key, { usedAt }] of this.#slots) {
      if (usedAt > latest) return;
      this.drop(key);
      this.#evictions += 1;
    }
  }

  clear(): void {
    for (const key of [...this.#slots.keys()]) this.drop(key);
  }

  #lease(slot: Slot<Entry>): Lease<Entry> {
    slot.leases += 1;
    let ended = false;
    return {
      entry: slot.entry,
      end: () => {
        if (ended) return;
        ended = true;
        slot.leases -= 1;
        this.#free(slot);
      },
    };
  }

  #free(slot: Slot<Entry>): void {
    if (slot.kept || slot.leases > 0) return;
    this.#bytes -= slot.entry.bytes;
    slot.entry.dispose();
  }
}
