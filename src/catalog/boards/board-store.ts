/** Boards of a shard in SQLite. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { Board, BoardEntry, BoardItems } from "./board.ts";
import { COVER_CANDIDATES } from "./limits.ts";

export interface StoredBoard {
  readonly key: number;
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly items: number;
  readonly version: number;
}

interface BoardRow extends Record<string, string | number | null> {
  key: number;
  id: string;
  title: string;
  description: string | null;
  items: number;
  next_place: number;
  version: number;
  created_at: number;
  updated_at: number;
}

type EntryRow = { item: string; place: number; added_at: number };

export class BoardStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(id: string): StoredBoard | undefined {
    return this.#sql.exec<BoardRow>("SELECT * FROM boards WHERE id = ?", id).toArray()[0];
  }

  insert(id: string, title: string, description: string | undefined, now: number): number {
    return this.#sql
      .exec<{ key: number }>(
        `INSERT INTO boards (id, title, description, created_at, updated_at) VALUES (?, ?, ?, ?, ?) RETURNING key`,
        ...[id, title, description ?? null, now, now],
      )
      .one().key;
  }

  describe(key: number, title: string, description: string | undefined): void {
    this.#sql.exec(
      "UPDATE boards SET title = ?, description = ? WHERE key = ?",
      ...[title, description ?? null, key],
    );
  }

  /** Notes that a board has changed; answers its new version. */
  touch(key: number, now: number): number {
    const query = "UPDATE boards SET version = version + 1, updated_at = ? WHERE key = ? RETURNING version";
    return this.#sql.exec<{ version: number }>(query, now, key).one().version;
  }

  delete(key: number): void {
    this.#sql.exec("DELETE FROM entries WHERE board = ?", key);
    this.#sql.exec("DELETE FROM boards WHERE key = ?", key);
  }

  count(): number {
    return this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM boards").one().count;
  }

  countEntries(): number {
    return this.#sql.exec<{ sum: number | null }>("SELECT sum(items) AS sum FROM boards").one().sum ?? 0;
  }

  /** Boards in the order of their ids; only those that hold the item, if one is named. */
  list(after: string, limit: number, item: string | undefined): { boards: Board[]; more: boolean } {
    const holding = item === undefined ? "" : "AND key IN (SELECT board FROM entries WHERE item = ?)";
    const query = `SELECT * FROM boards WHERE id > ? ${holding} ORDER BY id LIMIT ?`;
    const bindings = [after, ...(item === undefined ? [] : [item]), limit + 1];
    const rows = this.#sql.exec<BoardRow>(query, ...bindings).toArray();
    return { boards: rows.slice(0, limit).map((row) => this.#boardOf(row)), more: rows.length > limit };
  }

  get(id: string): Board | undefined {
    const [row] = this.#sql.exec<BoardRow>("SELECT * FROM boards WHERE id = ?", id).toArray();
    return row && this.#boardOf(row);
  }

  /** Whether an item was not on the board until now. */
  add(key: number, item: string, now: number): boolean {
    const query = `
      INSERT INTO entries SELECT key, ?, next_place, ? FROM boards WHERE key = ?
      ON CONFLICT DO NOTHING RETURNING place`;
    const added = this.#sql.exec(query, item, now, key).toArray().length > 0;
    if (added) {
      this.#sql.exec("UPDATE boards SET items = items + 1, next_place = next_place + 1 WHERE key = ?", key);
    }
    return added;
  }

  /** Whether an item was on the board. */
  remove(key: number, item: string): boolean {
    const query = "DELETE FROM entries WHERE board = ? AND item = ? RETURNING place";
    const removed = this.#sql.exec(query, key, item).toArray().length > 0;
    if (removed) this.#sql.exec("UPDATE boards SET items = items - 1 WHERE key = ?", key);
    return removed;
  }

  /** Makes these the board's items; those that it has keep their time. */
  replace(key: number, items: readonly string[], now: number): void {
    const times = this.#sql.exec<EntryRow>("SELECT item, added_at FROM entries WHERE board = ?", key);
    const known = new Map([...times].map(({ item, added_at }) => [item, added_at]));
    this.#sql.exec("DELETE FROM entries WHERE board = ?", key);
    const rows = JSON.stringify(items.map((item) => [item, known.get(item) ?? now]));
    this.#sql.exec(
      `INSERT INTO entries
       SELECT boards.key, value ->> 0, next_place + list.key, value ->> 1 FROM boards, json_each(?) AS list
       WHERE boards.key = ?`,
      ...[rows, key],
    );
    this.#sql.exec(
      "UPDATE boards SET items = ?, next_place = next_place + ? WHERE key = ?",
      ...[items.length, items.length, key],
    );
  }

  /** All ids, in order. */
  itemsOf(key: number): string[] {
    const rows = this.#sql.exec("SELECT item FROM entries WHERE board = ? ORDER BY place", key).raw();
    return [...rows].map(([item]) => item as string);
  }

  /** Entries after a place, in order. */
  entries(key: number, after: number, limit: number): { entries: BoardEntry[]; more: boolean } {
    const query = "SELECT * FROM entries WHERE board = ? AND place > ? ORDER BY place LIMIT ?";
    const rows = this.#sql.exec<EntryRow>(query, key, after, limit + 1).toArray();
    const entries = rows.slice(0, limit).map(({ item, place, added_at }) => ({
      id: item,
      place,
      addedAt: new Date(added_at).toISOString(),
    }));
    return { entries, more: rows.length > limit };
  }

  /** Boards other than one that have any of some items, the smallest first, with all their items as far as room is. */
  near(items: readonly string[], except: string, boards: number, edges: number): BoardItems[] {
    const query = `
      SELECT key, id, items FROM boards
      WHERE id <> ? AND key IN (SELECT board FROM entries WHERE item IN (SELECT value FROM json_each(?)))
      ORDER BY items, id LIMIT ?`;
    const rows = this.#sql.exec<BoardRow>(query, except, JSON.stringify(items), boards).toArray();
    const found: BoardItems[] = [];
    let room = edges;
    for (const { key, id, items: size } of rows) {
      room -= size;
      if (room < 0) break;
      found.push({ board: id, items: this.itemsOf(key) });
    }
    return found;
  }

  #newest(key: number): string[] {
    const query = "SELECT item FROM entries WHERE board = ? ORDER BY place DESC LIMIT ?";
    return [...this.#sql.exec(query, key, COVER_CANDIDATES).raw()].map(([item]) => item as string);
  }

  #boardOf(row: BoardRow): Board {
    return {
      id: row.id,
      title: row.title,
      ...(row.description !== null && { description: row.description }),
      items: row.items,
      newest: this.#newest(row.key),
      createdAt: new Date(row.created_at).toISOString(),
      updatedAt: new Date(row.updated_at).toISOString(),
      version: row.version,
    };
  }
}
