/** Tables of a shard, and how older ones become today's. */
import type { DurableObjectStorage, SqlStorage } from "@cloudflare/workers-types";

/**
 * One entry a version, never changed once released: a shard runs those it has not seen, each in one transaction.
 *
 * Items have small integer keys, used again after removal: an item's code lies in memory where its key says.
 * Whatever belongs to an item in one embedding space has the number space × 2²² + key (`placeOf`), so that several
 * models, or two revisions of one, live side by side and one integer key finds each row.
 * Codes are kept in chunks of 512 because a start reads all of them: 100,000 codes take 20 ms in chunks and 200 ms
 * in rows. Vectors are read a few at a time and stay in rows.
 *
 * `items.look` is the look category that an item's own words name, `embeddings.look` the one that the space's model
 * sees in its picture; the words win (`EFFECTIVE_LOOK`).
 *
 * `stems` are those of what an item says of itself, `words` a full-text index of them by key. The index finds items by
 * stems; the table is read for the stems of items that are known: by key, the index is ten times as slow.
 *
 * `spaces.changes` grows by one with every change of a vector, from the time in ms at which the space was added: a
 * space that was forgotten and comes back has other numbers.
 *
 * A space is complete from the moment when nothing waits in it any more; items that come later change nothing about it.
 * Items that were there before the space are its backlog: they wait without `due_at` until it is their turn.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE items (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    fields TEXT NOT NULL,
    sha256 TEXT,
    url TEXT,
    bytes INTEGER,
    type TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX items_by_picture ON items (sha256) WHERE sha256 IS NOT NULL;
  CREATE TABLE free_keys (key INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE spaces (space INTEGER PRIMARY KEY, model TEXT NOT NULL, revision TEXT NOT NULL, UNIQUE (model, revision)) STRICT;
  CREATE TABLE embeddings (
    place INTEGER PRIMARY KEY,
    space INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    not_before INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER
  ) STRICT;
  CREATE INDEX embeddings_by_status ON embeddings (space, status);
  CREATE INDEX embeddings_due ON embeddings (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE vectors (place INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT;
  CREATE TABLE codes (chunk INTEGER PRIMARY KEY, codes BLOB NOT NULL) STRICT;
  `,
  "ALTER TABLE embeddings ADD COLUMN sends INTEGER NOT NULL DEFAULT 0",
  `
  ALTER TABLE spaces ADD COLUMN dimensions INTEGER NOT NULL DEFAULT 256;
  ALTER TABLE items ADD COLUMN look TEXT;
  CREATE INDEX items_by_look ON items (look) WHERE look IS NOT NULL;
  ALTER TABLE embeddings ADD COLUMN look TEXT;
  CREATE INDEX embeddings_by_look ON embeddings (space, place, look) WHERE look IS NOT NULL;
  `,
  `
  ALTER TABLE spaces ADD COLUMN role TEXT;
  ALTER TABLE spaces ADD COLUMN completed_at INTEGER;
  CREATE INDEX embeddings_backlog ON embeddings (space, place) WHERE status = 'pending' AND due_at IS NULL;
  `,
  `
  CREATE VIRTUAL TABLE words USING fts5(stems, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');
  CREATE TABLE stems (key INTEGER PRIMARY KEY, stems TEXT NOT NULL) STRICT;
  CREATE TABLE words_filled (at INTEGER NOT NULL) STRICT;
  `,
  `
  CREATE INDEX items_by_age ON items (created_at);
  CREATE TABLE popularity (key INTEGER PRIMARY KEY, score REAL NOT NULL) STRICT;
  CREATE INDEX popularity_by_score ON popularity (score);
  `,
  "ALTER TABLE spaces ADD COLUMN changes INTEGER NOT NULL DEFAULT 0",
];

/** The look category of a row that joins both tables. */
export const EFFECTIVE_LOOK = "coalesce(items.look, embeddings.look)";

/** Keys end below this: as many as a `HammingIndex` takes. */
export const KEYS = 4 * 1024 * 1024;

/** The number of a row that belongs to an item in a space. */
export function placeOf(space: number, key: number): number {
  return space * KEYS + key;
}

export function keyOf(place: number): number {
  return place % KEYS;
}

/** Brings the tables up to date. @throws when they are of a newer program. */
export function migrate(storage: DurableObjectStorage, migrations: readonly string[] = MIGRATIONS): void {
  const { sql } = storage;
  sql.exec(
    "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
  );
  const current = versionOf(sql);
  if (current > migrations.length) {
    throw new Error(`the shard's tables have version ${current}, this program knows ${migrations.length}`);
  }
  for (let version = current + 1; version <= migrations.length; version++) {
    storage.transactionSync(() => {
      sql.exec(migrations[version - 1]!);
      sql.exec("INSERT INTO migrations VALUES (?, ?)", version, Date.now());
    });
  }
}

/** SQLite's own `user_version` is out of bounds in Durable Objects. */
function versionOf(sql: SqlStorage): number {
  const [row] = sql
    .exec<{ version: number | null }>("SELECT max(version) AS version FROM migrations")
    .toArray();
  return row?.version ?? 0;
}
