/** Items of a shard in SQLite. */
import type { SqlStorage } from "@cloudflare/workers-types";
import { canonical } from "../canonical.ts";
import type { Item, ItemFields, ItemImage, ItemState, ItemStatus } from "../item.ts";
import type { CategoryCount, ListQuery, ShardPage, ShardWrite } from "./protocol.ts";
import { EFFECTIVE_LOOK, placeOf } from "./schema.ts";

export interface StoredItem {
  readonly key: number;
  readonly id: string;
  readonly fields: ItemFields;
  readonly image: ItemImage;
  readonly version: number;
  /** The look category that its own words name. */
  readonly look: string | undefined;
}

interface ItemRow extends Record<string, string | number | null> {
  key: number;
  id: string;
  fields: string;
  sha256: string | null;
  url: string | null;
  bytes: number | null;
  type: string | null;
  version: number;
  look: string | null;
  created_at: number;
  updated_at: number;
}

interface ItemRowWithState extends ItemRow {
  status: ItemStatus | null;
  attempts: number | null;
  reason: string | null;
  look_status: ItemStatus | null;
  look_attempts: number | null;
  look_reason: string | null;
  item_status: ItemStatus | null;
  item_attempts: number | null;
  item_reason: string | null;
  effective_look: string | null;
}

/** Numbers of the spaces whose states are shown. */
export interface StateSpaces {
  readonly space: number;
  readonly companion?: number | undefined;
  readonly item?: number | undefined;
}

const WITH_STATES = `
  SELECT items.*, ${EFFECTIVE_LOOK} AS effective_look,
    embeddings.status, embeddings.attempts, embeddings.reason,
    looks.status AS look_status, looks.attempts AS look_attempts, looks.reason AS look_reason,
    words.status AS item_status, words.attempts AS item_attempts, words.reason AS item_reason
  FROM items
  LEFT JOIN embeddings ON embeddings.place = ? + items.key
  LEFT JOIN embeddings AS looks ON looks.place = ? + items.key
  LEFT JOIN embeddings AS words ON words.place = ? + items.key`;

/** Spaces have numbers from 1: no place belongs to this one. */
const NO_SPACE = 0;

function placesOf({ space, companion = NO_SPACE, item = NO_SPACE }: StateSpaces): number[] {
  return [placeOf(space, 0), placeOf(companion, 0), placeOf(item, 0)];
}

export class ItemStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(id: string): StoredItem | undefined {
    const [row] = this.#sql.exec<ItemRow>("SELECT * FROM items WHERE id = ?", id).toArray();
    if (!row) return undefined;
    const { key, version, look } = row;
    return { key, id, fields: JSON.parse(row.fields), image: imageOf(row), version, look: look ?? undefined };
  }

  /** Adds an item; answers its key, the smallest that an earlier item left or the next. */
  insert({ id, fields }: ShardWrite, image: ItemImage, look: string | undefined, now: number): number {
    const [free] = this.#sql
      .exec<{ key: number }>("SELECT key FROM free_keys ORDER BY key LIMIT 1")
      .toArray();
    if (free) this.#sql.exec("DELETE FROM free_keys WHERE key = ?", free.key);
    const row = this.#sql
      .exec<{ key: number }>(
        `INSERT INTO items (key, id, fields, sha256, url, bytes, type, look, version, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) RETURNING key`,
        free?.key ?? null,
        id,
        canonical(fields),
        ...columnsOf(image),
        look ?? null,
        now,
        now,
      )
      .one();
    return row.key;
  }

  update(key: number, fields: ItemFields, image: ItemImage, now: number): void {
    this.#sql.exec(
      `UPDATE items SET fields = ?, sha256 = ?, url = ?, bytes = ?, type = ?, version = version + 1, updated_at = ?
       WHERE key = ?`,
      canonical(fields),
      ...columnsOf(image),
      now,
      key,
    );
  }

  /** What an item's words name; no new version, since it follows from its fields. */
  setLook(key: number, look: string | undefined): void {
    this.#sql.exec("UPDATE items SET look = ? WHERE key = ?", look ?? null, key);
  }

  /** Keeps what was found out about a picture; no new version, since nobody wrote the item. */
  describePicture(key: number, image: ItemImage): void {
    this.#sql.exec(
      "UPDATE items SET sha256 = ?, url = ?, bytes = ?, type = ? WHERE key = ?",
      ...columnsOf(image),
      key,
    );
  }

  delete(key: number): void {
    this.#sql.exec("DELETE FROM items WHERE key = ?", key);
    this.#sql.exec("INSERT INTO free_keys VALUES (?)", key);
  }

  /** Whether there is no key below `limit` left. Counting all items would make every write slower than the last. */
  isFull(limit: number): boolean {
    const { last } = this.#sql.exec<{ last: number | null }>("SELECT max(key) AS last FROM items").one();
    if ((last ?? 0) < limit) return false;
    return this.#sql.exec("SELECT key FROM free_keys LIMIT 1").toArray().length === 0;
  }

  isEmpty(): boolean {
    return this.#sql.exec("SELECT key FROM items LIMIT 1").toArray().length === 0;
  }

  count(): number {
    return this.#sql.exec<{ count: number }>("SELECT count(*) AS count FROM items").one().count;
  }

  get(id: string, spaces: StateSpaces): Item | undefined {
    const query = `${WITH_STATES} WHERE id = ?`;
    const [row] = this.#sql.exec<ItemRowWithState>(query, ...placesOf(spaces), id).toArray();
    return row && itemOf(row);
  }

  /** Items in the order of their ids. */
  list({ after = "", limit, status, category, look }: ListQuery, spaces: StateSpaces): ShardPage {
    const conditions = ["id > ?"];
    const bindings: (string | number)[] = [after];
    if (status) {
      conditions.push("embeddings.status = ?");
      bindings.push(status);
    }
    if (category !== undefined) {
      conditions.push("fields ->> 'category' = ?");
      bindings.push(category);
    }
    if (look !== undefined) {
      conditions.push(`${EFFECTIVE_LOOK} = ?`);
      bindings.push(look);
    }
    const query = `${WITH_STATES} WHERE ${conditions.join(" AND ")} ORDER BY id LIMIT ?`;
    const rows = this.#sql
      .exec<ItemRowWithState>(query, ...placesOf(spaces), ...bindings, limit + 1)
      .toArray();
    return { items: rows.slice(0, limit).map(itemOf), more: rows.length > limit };
  }

  /** How many items each category has, all categories, in no order. */
  categories(): CategoryCount[] {
    return this.#sql
      .exec<{ category: string; items: number }>(
        "SELECT fields ->> 'category' AS category, count(*) AS items FROM items WHERE category IS NOT NULL GROUP BY 1",
      )
      .toArray();
  }

  /** Ids of the items with these keys. */
  idsOf(keys: readonly number[]): Map<number, string> {
    const query = "SELECT key, id FROM items WHERE key IN (SELECT value FROM json_each(?))";
    const rows = this.#sql.exec(query, JSON.stringify(keys)).raw();
    return new Map([...rows] as [number, string][]);
  }

  /** Keys of the items with these ids. */
  keysOf(ids: readonly string[]): Set<number> {
    const query = "SELECT key FROM items WHERE id IN (SELECT value FROM json_each(?))";
    const rows = this.#sql.exec<{ key: number }>(query, JSON.stringify(ids));
    return new Set([...rows].map(({ key }) => key));
  }

  /** Other items with the same picture, in the order of their ids. */
  withPicture(sha256: string, limit: number): { key: number; id: string }[] {
    return this.#sql
      .exec<{ key: number; id: string }>(
        "SELECT key, id FROM items WHERE sha256 = ? ORDER BY id LIMIT ?",
        sha256,
        limit,
      )
      .toArray();
  }
}

/** Whether two images are the same picture: the same bytes or, as long as they are not known, the same address. */
export function samePicture(a: ItemImage, b: ItemImage): boolean {
  if (a.sha256 !== undefined && b.sha256 !== undefined) return a.sha256 === b.sha256;
  return a.url !== undefined && a.url === b.url;
}

function imageOf({ sha256, url, bytes, type }: ItemRow): ItemImage {
  return {
    ...(sha256 !== null && { sha256 }),
    ...(url !== null && { url }),
    ...(bytes !== null && { bytes }),
    ...(type !== null && { type }),
  };
}

function columnsOf({ sha256, url, bytes, type }: ItemImage): (string | number | null)[] {
  return [sha256 ?? null, url ?? null, bytes ?? null, type ?? null];
}

function itemOf(row: ItemRowWithState): Item {
  return {
    id: row.id,
    ...(JSON.parse(row.fields) as ItemFields),
    image: imageOf(row),
    ...(row.effective_look !== null && { look: row.effective_look }),
    state: stateOf(row.status, row.attempts, row.reason),
    ...statesOf(row),
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
    version: row.version,
  };
}

/** In the spaces beside that of pictures, where the item has a place there. */
function statesOf(row: ItemRowWithState): Pick<Item, "states"> {
  const { look_status: look, item_status: item } = row;
  if (look === null && item === null) return {};
  return {
    states: {
      ...(look !== null && { look: stateOf(look, row.look_attempts, row.look_reason) }),
      ...(item !== null && { item: stateOf(item, row.item_attempts, row.item_reason) }),
    },
  };
}

function stateOf(status: ItemStatus | null, attempts: number | null, reason: string | null): ItemState {
  if (status === "embedded") return { status };
  if (status === "failed") return { status, attempts: attempts ?? 0, reason: reason ?? "unknown" };
  return { status: "pending", attempts: attempts ?? 0, ...(reason !== null && { reason }) };
}
