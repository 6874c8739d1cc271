/** How popular items are of late, and which to begin with for somebody of whom nothing is known. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { Starter, Starters } from "./protocol.ts";

/** What somebody did with an item. */
export interface ActionCount {
  readonly item: string;
  /** How much it says; below 0: against the item. */
  readonly weight: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An action counts half as much as one of a week later. */
export const HALF_LIFE_MS = 7 * 86_400_000;

/** Ages are counted from here, so that scores stay numbers that a double can hold: until 2045. */
const EPOCH = Date.parse("2026-01-01T00:00:00Z");

const STARTER = `items.id, items.fields ->> 'category' AS category, items.created_at AS createdAt,
  coalesce(popularity.score, 0) AS popularity`;
/** Not seen yet, and with a picture to show. */
const WANTED = "sha256 IS NOT NULL AND id NOT IN (SELECT value FROM json_each(?))";

export class PopularityStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * A score is Σ weight · 2^(time / half-life): scores of all items fade at the same rate, so that none has to be
   * written anew (forward decay: Cormode et al., ICDE 2009).
   */
  add(counts: readonly ActionCount[]): void {
    const query = `
      INSERT INTO popularity SELECT key, ? FROM items WHERE id = ?
      ON CONFLICT (key) DO UPDATE SET score = score + excluded.score`;
    for (const { item, weight, at } of counts) {
      this.#sql.exec(query, weight * 2 ** ((at - EPOCH) / HALF_LIFE_MS), item);
    }
  }

  delete(key: number): void {
    this.#sql.exec("DELETE FROM popularity WHERE key = ?", key);
  }

  starters(limit: number, exclude: readonly string[]): Starters {
    const seen = JSON.stringify(exclude);
    const popular = `SELECT ${STARTER} FROM popularity JOIN items USING (key)
      WHERE score > 0 AND ${WANTED} ORDER BY score DESC LIMIT ?`;
    const newest = `SELECT ${STARTER} FROM items LEFT JOIN popularity USING (key)
      WHERE ${WANTED} ORDER BY created_at DESC, items.key DESC LIMIT ?`;
    const drawn = `SELECT ${STARTER} FROM items LEFT JOIN popularity USING (key)
      WHERE items.key IN (SELECT value FROM json_each(?)) AND ${WANTED}`;
    return {
      popular: this.#rows(popular, seen, limit),
      newest: this.#rows(newest, seen, limit),
      drawn: this.#rows(drawn, JSON.stringify(this.#someKeys(limit)), seen),
    };
  }

  /** Keys are dense: most of those drawn have an item. */
  #someKeys(count: number): number[] {
    const { last } = this.#sql.exec<{ last: number | null }>("SELECT max(key) AS last FROM items").one();
    return Array.from({ length: count }, () => 1 + Math.floor(Math.random() * (last ?? 0)));
  }

  #rows(query: string, ...bindings: (string | number)[]): Starter[] {
    type Row = { id: string; category: string | null; createdAt: number; popularity: number };
    const rows = this.#sql.exec<Row>(query, ...bindings).toArray();
    return rows.map(({ category, ...row }) => ({ ...row, ...(category !== null && { category }) }));
  }
}
