/** Tables of a shard of boards. */

/**
 * One entry a version, never changed once released: see `migrate`.
 *
 * An entry's place is larger than those of all entries before it, for ever: pages go on where they stopped while
 * items come and go. Entries are found from their board and from their item.
 */
export const BOARD_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE boards (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    description TEXT,
    items INTEGER NOT NULL DEFAULT 0,
    next_place INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE entries (
    board INTEGER NOT NULL,
    item TEXT NOT NULL,
    place INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (board, item)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX entries_in_order ON entries (board, place);
  CREATE INDEX entries_by_item ON entries (item, board);
  `,
];
