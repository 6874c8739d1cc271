/** Which items say which words: SQLite's full-text index over the stems of all that they say of themselves. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { ItemFields } from "../item.ts";
import { wordsOf } from "../item-words.ts";
import { MAX_ITEM_STEMS, stemsOf } from "../stems.ts";

export class WordIndex {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  set(key: number, fields: ItemFields): void {
    this.delete(key);
    const { title, category, attributes, description } = wordsOf(fields);
    const text = [title, category, attributes, description].join(" ");
    const stems = stemsOf(text, MAX_ITEM_STEMS).join(" ");
    if (!stems) return;
    this.#sql.exec("INSERT INTO words (rowid, stems) VALUES (?, ?)", key, stems);
    this.#sql.exec("INSERT INTO stems (key, stems) VALUES (?, ?)", key, stems);
  }

  delete(key: number): void {
    this.#sql.exec("DELETE FROM words WHERE rowid = ?", key);
    this.#sql.exec("DELETE FROM stems WHERE key = ?", key);
  }

  /** Indexes items that are older than the index, once. For use inside a transaction. */
  fill(): void {
    if (this.#sql.exec("SELECT at FROM words_filled").toArray().length > 0) return;
    for (const { key, fields } of this.#sql.exec<{ key: number; fields: string }>(
      "SELECT key, fields FROM items",
    )) {
      this.set(key, JSON.parse(fields) as ItemFields);
    }
    this.#sql.exec("INSERT INTO words_filled VALUES (?)", Date.now());
  }

  /** Keys of items that have all of these stems; some of them where many do. */
  withAll(stems: readonly string[], limit: number): number[] {
    const query = "SELECT rowid AS key FROM words WHERE words MATCH ? LIMIT ?";
    return this.#sql
      .exec<{ key: number }>(query, stems.map(quoted).join(" AND "), limit)
      .toArray()
      .map(({ key }) => key);
  }

  /** The share of these stems that each of some items has, 0 … 1; items that have none may be left out. */
  shares(stems: readonly string[], keys: readonly number[]): Map<number, number> {
    const query = "SELECT key, stems FROM stems WHERE key IN (SELECT value FROM json_each(?))";
    const shares = new Map<number, number>();
    // Between spaces, as the stems are: searching a text is faster than making a set of it.
    const wanted = stems.map((stem) => ` ${stem} `);
    for (const [key, said] of this.#sql.exec(query, JSON.stringify(keys)).raw() as Iterable<
      [number, string]
    >) {
      const text = ` ${said} `;
      shares.set(key, wanted.filter((stem) => text.includes(stem)).length / stems.length);
    }
    return shares;
  }
}

/** A stem as the index's query language has it: nothing in it is an operator. */
function quoted(stem: string): string {
  return `"${stem.replaceAll('"', '""')}"`;
}
