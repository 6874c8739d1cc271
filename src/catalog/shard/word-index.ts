/** Which items say which words: SQLite's full-text index over all that they say of themselves. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { ItemWords } from "../item-words.ts";

export class WordIndex {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  set(key: number, words: ItemWords): void {
    this.delete(key);
    const text = Object.values(words).join("\n");
    if (text) this.#sql.exec("INSERT INTO words (rowid, text) VALUES (?, ?)", key, text);
  }

  delete(key: number): void {
    this.#sql.exec("DELETE FROM words WHERE rowid = ?", key);
  }

  /** Keys of items that say all of these words, in whatever form (`chairs` is `chair`); some of them where many do. */
  withAll(words: readonly string[], limit: number): number[] {
    const query = "SELECT rowid AS key FROM words WHERE words MATCH ? LIMIT ?";
    return this.#sql
      .exec<{ key: number }>(query, words.map(quoted).join(" AND "), limit)
      .toArray()
      .map(({ key }) => key);
  }

  /** The share of these words that each of some items says, 0 … 1; those that say none are left out. */
  shares(words: readonly string[], keys: readonly number[]): Map<number, number> {
    const shares = new Map<number, number>();
    const among = JSON.stringify(keys);
    const query =
      "SELECT rowid AS key FROM words WHERE words MATCH ? AND rowid IN (SELECT value FROM json_each(?))";
    for (const word of words) {
      for (const { key } of this.#sql.exec<{ key: number }>(query, quoted(word), among)) {
        shares.set(key, (shares.get(key) ?? 0) + 1 / words.length);
      }
    }
    return shares;
  }
}

/** A word as the index's query language has it: nothing in it is an operator. */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
