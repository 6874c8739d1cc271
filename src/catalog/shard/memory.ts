/** What a shard keeps in memory, loaded from SQLite when first needed: codes and look categories of each space, facets of all items. */
import type { SqlStorage } from "@cloudflare/workers-types";
import { FacetTable } from "../facet-table.ts";
import type { Facets } from "../filter.ts";
import { HammingIndex } from "../hamming-index.ts";
import type { ItemFields } from "../item.ts";
import type { CodeBytes } from "../kernels/layout.ts";
import { LookTable } from "../look-table.ts";
import { type KeyedCode, loadCodes } from "./code-store.ts";
import { EFFECTIVE_LOOK, KEYS, placeOf } from "./schema.ts";

/**
 * Follows the tables: whoever changes them tells this afterwards, in the same turn of the event loop. What is not
 * loaded yet needs no telling.
 */
export class ShardMemory {
  readonly #sql: SqlStorage;
  readonly #codes = new Map<number, HammingIndex>();
  readonly #looks = new Map<number, LookTable>();
  #facets: FacetTable | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  async codes(space: number, codeBytes: CodeBytes): Promise<HammingIndex> {
    const present = this.#codes.get(space);
    if (present) return present;
    const index = await HammingIndex.create(codeBytes);
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

  /** Look categories of items as a space has them. */
  looks(space: number): LookTable {
    const present = this.#looks.get(space);
    if (present) return present;
    const table = new LookTable();
    const seen = "SELECT place % ?, look FROM embeddings WHERE space = ? AND look IS NOT NULL";
    for (const [key, look] of this.#sql.exec(seen, KEYS, space).raw())
      table.set(key as number, look as string);
    const named = "SELECT key, look FROM items WHERE look IS NOT NULL";
    for (const [key, look] of this.#sql.exec(named).raw()) table.set(key as number, look as string);
    this.#looks.set(space, table);
    return table;
  }

  /** The item's words or its picture's embedding have changed. */
  refreshLook(key: number): void {
    const query = `SELECT ${EFFECTIVE_LOOK} AS look FROM items LEFT JOIN embeddings ON place = ? + key WHERE key = ?`;
    for (const [space, table] of this.#looks) {
      const [row] = this.#sql.exec<{ look: string | null }>(query, placeOf(space, 0), key).toArray();
      table.set(key, row?.look ?? undefined);
    }
  }

  setFields(key: number, fields: ItemFields): void {
    this.#facets?.set(key, facetsOf(fields));
  }

  setCode(space: number, { key, code }: KeyedCode): void {
    const index = this.#codes.get(space);
    if (code) index?.set(key, code);
    else index?.delete(key);
  }

  deleteItem(key: number): void {
    this.#facets?.delete(key);
    for (const index of this.#codes.values()) index.delete(key);
    for (const table of this.#looks.values()) table.set(key, undefined);
  }

  deleteSpace(space: number): void {
    this.#codes.delete(space);
    this.#looks.delete(space);
  }

  get bytes(): number {
    let bytes = this.#facets?.memoryBytes ?? 0;
    for (const one of [...this.#codes.values(), ...this.#looks.values()]) bytes += one.memoryBytes;
    return bytes;
  }
}

export function facetsOf({ category, price, attributes }: ItemFields): Facets {
  return { category, price, attributes };
}
