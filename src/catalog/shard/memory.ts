/** What a shard keeps in memory, loaded from SQLite when first needed: codes of each space, facets of all items. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { PackedBits } from "../../vision/unified-embedding.ts";
import { FacetTable } from "../facet-table.ts";
import type { Facets } from "../filter.ts";
import { HammingIndex } from "../hamming-index.ts";
import type { ItemFields } from "../item.ts";
import { loadCodes } from "./code-store.ts";

/**
 * Follows the tables: whoever changes them tells this afterwards, in the same turn of the event loop. What is not
 * loaded yet needs no telling.
 */
export class ShardMemory {
  readonly #sql: SqlStorage;
  readonly #codes = new Map<number, HammingIndex>();
  #facets: FacetTable | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  async codes(space: number): Promise<HammingIndex> {
    const present = this.#codes.get(space);
    if (present) return present;
    const index = await HammingIndex.create();
    const meanwhile = this.#codes.get(space);
    if (meanwhile) return meanwhile;
    // From here to the end nothing else runs, so that the index misses no write.
    loadCodes(this.#sql, space, index);
    this.#codes.set(space, index);
    return index;
  }

  readonly facets = (): FacetTable => {
    if (!this.#facets) {
      this.#facets = new FacetTable();
      for (const [key, fields] of this.#sql.exec("SELECT key, fields FROM items").raw()) {
        this.#facets.set(key as number, facetsOf(JSON.parse(fields as string)));
      }
    }
    return this.#facets;
  };

  setFields(key: number, fields: ItemFields): void {
    this.#facets?.set(key, facetsOf(fields));
  }

  setCode(space: number, key: number, code: PackedBits): void {
    this.#codes.get(space)?.set(key, code);
  }

  deleteCode(space: number, key: number): void {
    this.#codes.get(space)?.delete(key);
  }

  deleteItem(key: number): void {
    this.#facets?.delete(key);
    for (const index of this.#codes.values()) index.delete(key);
  }

  deleteSpace(space: number): void {
    this.#codes.delete(space);
  }

  get bytes(): number {
    let bytes = this.#facets?.memoryBytes ?? 0;
    for (const index of this.#codes.values()) bytes += index.memoryBytes;
    return bytes;
  }
}

export function facetsOf({ category, price, attributes }: ItemFields): Facets {
  return { category, price, attributes };
}
