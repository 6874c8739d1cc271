/** Tables of a person's object. */

/**
 * One entry a version, never changed once released: see `migrate`.
 *
 * An event is in up to three places, each with its own end: `known`, so that it counts once; `waiting`, until it is
 * in the log; `actions` or `shown`, for what is asked in a moment. What was hidden is in `hidden` too, for longer.
 * `interests` follows from `actions`.
 */
export const PERSON_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE person (user TEXT NOT NULL) STRICT;
  CREATE TABLE known (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE waiting (number INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL) STRICT;
  CREATE TABLE actions (id TEXT PRIMARY KEY, item TEXT NOT NULL, action TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX actions_by_time ON actions (at, id);
  CREATE TABLE shown (item TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX shown_by_time ON shown (at);
  `,
  // `logs`: files that may hold events of the person; `unlisted`: of those up to this hour any may.
  // Whoever was there before has written to files that nobody noted.
  `
  CREATE TABLE interests (space TEXT PRIMARY KEY, until INTEGER NOT NULL, clusters TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE logs (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE unlisted (until TEXT NOT NULL) STRICT;
  INSERT INTO unlisted SELECT strftime('%Y/%m/%d/%H', 'now') FROM person;
  `,
  `
  ALTER TABLE actions ADD COLUMN surface TEXT;
  ALTER TABLE actions ADD COLUMN slate TEXT;
  CREATE TABLE hidden (item TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX hidden_by_time ON hidden (at);
  INSERT INTO hidden SELECT item, max(at) FROM actions WHERE action = 'hide' GROUP BY item;
  `,
];
