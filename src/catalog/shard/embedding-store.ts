/** Where each item stands in each embedding space, and its vectors, in SQLite. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { Embedding } from "../../vision/unified-embedding.ts";
import type { ItemStatus } from "../item.ts";
import { DIMENSIONS } from "../vector-index.ts";
import type { Role, Space, VectorList } from "./protocol.ts";
import { KEYS, keyOf, placeOf } from "./schema.ts";

/** Share of all items that may fail in a new space and did not in the one before: more, and it is not taken for whole. */
export const MOST_NEW_FAILURES = 0.01;

export interface KnownSpace {
  /** Its number, from 1. */
  readonly space: number;
  /** Components of its vectors. */
  readonly dimensions: number;
  /** None in tables that are older than roles, as long as nobody has said it. */
  readonly role: Role | null;
}

/** A start from `due_at` of items that wait. */
export interface Due {
  readonly space: number;
  readonly key: number;
}

export class EmbeddingStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** A space; nothing when the shard has never heard of it. */
  findSpace({ model, revision }: Space): KnownSpace | undefined {
    const query = "SELECT space, dimensions, role FROM spaces WHERE model = ? AND revision = ?";
    const [row] = this.#sql.exec<Record<keyof KnownSpace, never>>(query, model, revision).toArray();
    return row;
  }

  /** Components of a space's vectors. */
  dimensionsOf(space: number): number {
    const query = "SELECT dimensions FROM spaces WHERE space = ?";
    return this.#sql.exec<{ dimensions: number }>(query, space).one().dimensions;
  }

  /** Adds a space; every item there is becomes its backlog. */
  addSpace({ model, revision, dimensions = DIMENSIONS }: Space, role: Role | undefined): number {
    const { space } = this.#sql
      .exec<{ space: number }>(
        "INSERT INTO spaces (model, revision, dimensions, role, changes) VALUES (?, ?, ?, ?, ?) RETURNING space",
        model,
        revision,
        dimensions,
        role ?? null,
        Date.now(),
      )
      .one();
    this.#sql.exec(
      "INSERT INTO embeddings (place, space, status) SELECT ? + key, ?, 'pending' FROM items",
      placeOf(space, 0),
      space,
    );
    return space;
  }

  /** What a space is for; of spaces that are older than roles, it is noted when it is first said. */
  noteRole(space: number, role: Role): void {
    this.#sql.exec("UPDATE spaces SET role = ? WHERE space = ?", role, space);
  }

  /** Spaces of a role, the oldest first. */
  spacesFor(role: Role): number[] {
    const query = "SELECT space FROM spaces WHERE role = ? ORDER BY space";
    return [...this.#sql.exec<{ space: number }>(query, role)].map(({ space }) => space);
  }

  /**
   * Whether every item that was there before the space has had its turn. A space in which more items failed than in
   * the complete ones of its role, by more than `MOST_NEW_FAILURES` of all, is not: something is wrong with it.
   */
  isComplete(space: number, now: number): boolean {
    const query = "SELECT completed_at, role FROM spaces WHERE space = ?";
    const { completed_at, role } = this.#sql
      .exec<{ completed_at: number | null; role: Role | null }>(query, space)
      .one();
    if (completed_at !== null) return true;
    const waiting = "SELECT place FROM embeddings WHERE space = ? AND status = 'pending' LIMIT 1";
    if (this.#sql.exec(waiting, space).toArray().length > 0) return false;
    const before = this.#sql
      .exec<{ space: number }>(
        "SELECT space FROM spaces WHERE role IS ? AND space <> ? AND completed_at IS NOT NULL",
        role,
        space,
      )
      .toArray()
      .map((one) => this.counts(one.space).failed);
    const { embedded, failed } = this.counts(space);
    const allowed = Math.min(...before) + MOST_NEW_FAILURES * (embedded + failed);
    if (before.length > 0 && failed > allowed) return false;
    this.#sql.exec("UPDATE spaces SET completed_at = ? WHERE space = ?", now, space);
    return true;
  }

  /** Whether items of a space's backlog wait for their turn. */
  hasBacklog(space: number): boolean {
    const query =
      "SELECT place FROM embeddings WHERE space = ? AND status = 'pending' AND due_at IS NULL LIMIT 1";
    return this.#sql.exec(query, space).toArray().length > 0;
  }

  /** Begins with items of a space's backlog, so many that `atOnce` of the space are under way; answers them. */
  startBacklog(space: number, atOnce: number, dueAt: number): Due[] {
    if (!this.hasBacklog(space)) return [];
    const underWay = this.#sql
      .exec("SELECT place FROM embeddings WHERE due_at IS NOT NULL AND space = ? LIMIT ?", space, atOnce)
      .toArray().length;
    const query = `
      UPDATE embeddings SET due_at = ?, sends = sends + 1 WHERE place IN (
        SELECT place FROM embeddings WHERE space = ? AND status = 'pending' AND due_at IS NULL
        ORDER BY place LIMIT ?
      ) RETURNING place`;
    return this.#sql
      .exec<{ place: number }>(query, dueAt, space, atOnce - underWay)
      .toArray()
      .map(({ place }) => ({ space, key: keyOf(place) }));
  }

  /** Forgets all that belongs to a space, chunks of codes included. */
  removeSpace(space: number, chunkOf: (place: number) => number): void {
    const first = placeOf(space, 0);
    const end = placeOf(space + 1, 0);
    this.#sql.exec("DELETE FROM codes WHERE chunk >= ? AND chunk < ?", chunkOf(first), chunkOf(end));
    this.#sql.exec("DELETE FROM vectors WHERE place >= ? AND place < ?", first, end);
    this.#sql.exec("DELETE FROM embeddings WHERE place >= ? AND place < ?", first, end);
    this.#sql.exec("DELETE FROM spaces WHERE space = ?", space);
  }

  spaces(): number[] {
    return this.#sql
      .exec<{ space: number }>("SELECT space FROM spaces ORDER BY space")
      .toArray()
      .map((row) => row.space);
  }

  spaceName(space: number): Space {
    return this.#sql
      .exec<{ model: string; revision: string }>("SELECT model, revision FROM spaces WHERE space = ?", space)
      .one();
  }

  /** The item waits to be embedded from now on, and is found no more until it is. */
  await(space: number, key: number, dueAt: number): void {
    this.#deleteVector(space, key);
    this.#sql.exec(
      "INSERT OR REPLACE INTO embeddings (place, space, status, due_at) VALUES (?, ?, 'pending', ?)",
      placeOf(space, key),
      space,
      dueAt,
    );
  }

  /** The item waits to be embedded anew, and is found by the vector that it has until there is another. */
  renew(space: number, key: number, dueAt: number): void {
    this.#sql.exec(
      `UPDATE embeddings SET status = 'pending', attempts = 0, reason = NULL, not_before = 0, due_at = ?, sends = 0
       WHERE place = ?`,
      dueAt,
      placeOf(space, key),
    );
  }

  /** Takes a waiting item to work on until `until`, in ms since 1970; answers whether it was free. */
  claim(space: number, key: number, now: number, until: number): boolean {
    const { rowsWritten } = this.#sql.exec(
      `UPDATE embeddings SET not_before = ?, due_at = ? WHERE place = ? AND status = 'pending' AND not_before <= ?`,
      until,
      until,
      placeOf(space, key),
      now,
    );
    return rowsWritten > 0;
  }

  /** The item has a vector; `look` is the look category that the space's model sees, if it says one. */
  embedded(space: number, key: number, vector: Embedding, look?: string): void {
    const place = placeOf(space, key);
    this.#sql.exec("INSERT OR REPLACE INTO vectors (place, vector) VALUES (?, ?)", place, vector);
    this.#noteChange(space);
    this.#sql.exec(
      `UPDATE embeddings SET status = 'embedded', reason = NULL, not_before = 0, due_at = NULL, look = ?
       WHERE place = ?`,
      look ?? null,
      place,
    );
  }

  attemptsOf(space: number, key: number): number {
    const query = "SELECT attempts FROM embeddings WHERE place = ?";
    return this.#sql.exec<{ attempts: number }>(query, placeOf(space, key)).toArray()[0]?.attempts ?? 0;
  }

  /** An attempt went wrong: try again at `retryAt`, or never. */
  failed(space: number, key: number, reason: string, retryAt: number | undefined): void {
    this.#sql.exec(
      `UPDATE embeddings SET status = ?, attempts = attempts + 1, reason = ?, not_before = ?, due_at = ?
       WHERE place = ? AND status = 'pending'`,
      retryAt === undefined ? "failed" : "pending",
      reason,
      retryAt ?? 0,
      retryAt ?? null,
      placeOf(space, key),
    );
  }

  /** Failed items wait again, with all their attempts before them; answers the keys of those that did. */
  retry(space: number, keys: readonly number[] | "all", limit: number, dueAt: number): number[] {
    const places = keys === "all" ? undefined : JSON.stringify(keys.map((key) => placeOf(space, key)));
    const query = `
      UPDATE embeddings SET status = 'pending', attempts = 0, reason = NULL, not_before = 0, due_at = ?
      WHERE place IN (
        SELECT place FROM embeddings WHERE space = ? AND status = 'failed'
        ${places ? "AND place IN (SELECT value FROM json_each(?))" : ""} ORDER BY place LIMIT ?
      ) RETURNING place`;
    const bindings = places ? [places, limit] : [limit];
    return this.#sql
      .exec<{ place: number }>(query, dueAt, space, ...bindings)
      .toArray()
      .map(({ place }) => keyOf(place));
  }

  /** Waiting items whose time has come, the longest waiting first. */
  due(now: number, limit: number): Due[] {
    const query = "SELECT place, space FROM embeddings WHERE due_at <= ? ORDER BY due_at, place LIMIT ?";
    const rows = this.#sql.exec<{ place: number; space: number }>(query, now, limit).toArray();
    return rows.map(({ place, space }) => ({ space, key: keyOf(place) }));
  }

  /** Notes that a message was sent for an item; answers how many that makes. */
  noteSend({ space, key }: Due): number {
    const query = "UPDATE embeddings SET sends = sends + 1 WHERE place = ? RETURNING sends";
    return this.#sql.exec<{ sends: number }>(query, placeOf(space, key)).one().sends;
  }

  postpone({ space, key }: Due, dueAt: number): void {
    this.#sql.exec(
      "UPDATE embeddings SET due_at = ? WHERE place = ? AND due_at IS NOT NULL",
      dueAt,
      placeOf(space, key),
    );
  }

  /** When the next waiting item is due, in ms since 1970. */
  nextDue(): number | undefined {
    const query = "SELECT due_at FROM embeddings WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1";
    return this.#sql.exec<{ due_at: number }>(query).toArray()[0]?.due_at;
  }

  statusOf(space: number, key: number): ItemStatus | undefined {
    const query = "SELECT status FROM embeddings WHERE place = ?";
    return this.#sql.exec<{ status: ItemStatus }>(query, placeOf(space, key)).toArray()[0]?.status;
  }

  counts(space: number): Record<ItemStatus, number> {
    const query = "SELECT status, count(*) AS count FROM embeddings WHERE space = ? GROUP BY status";
    const counts = { pending: 0, embedded: 0, failed: 0 };
    for (const { status, count } of this.#sql.exec<{ status: ItemStatus; count: number }>(query, space)) {
      counts[status] = count;
    }
    return counts;
  }

  vector(space: number, key: number): Embedding | undefined {
    const query = "SELECT vector FROM vectors WHERE place = ?";
    const [row] = this.#sql.exec<{ vector: ArrayBuffer }>(query, placeOf(space, key)).toArray();
    return row && new Float32Array(row.vector);
  }

  /** Vectors by key; keys without one are left out. */
  vectors(space: number, keys: Iterable<number>): Map<number, Embedding> {
    const places = JSON.stringify([...keys].map((key) => placeOf(space, key)));
    const query = "SELECT place % ?, vector FROM vectors WHERE place IN (SELECT value FROM json_each(?))";
    const vectors = new Map<number, Embedding>();
    for (const [key, vector] of this.#sql.exec(query, KEYS, places).raw()) {
      vectors.set(key as number, new Float32Array(vector as ArrayBuffer));
    }
    return vectors;
  }

  delete(space: number, key: number): void {
    this.#deleteVector(space, key);
    this.#sql.exec("DELETE FROM embeddings WHERE place = ?", placeOf(space, key));
  }

  /** Vectors of items whose ids come after `after`, in the order of ids. */
  listVectors(space: number, after: string, limit: number): VectorList {
    const dimensions = this.dimensionsOf(space);
    const query = `
      SELECT items.id, vectors.vector FROM items JOIN vectors ON vectors.place = ? + items.key
      WHERE items.id > ? ORDER BY items.id LIMIT ?`;
    const rows = [...this.#sql.exec(query, placeOf(space, 0), after, limit + 1).raw()] as [
      string,
      ArrayBuffer,
    ][];
    const listed = rows.slice(0, limit);
    const vectors = new Float32Array(listed.length * dimensions);
    for (const [row, [, vector]] of listed.entries()) vectors.set(new Float32Array(vector), row * dimensions);
    return { ids: listed.map(([id]) => id), vectors, more: rows.length > limit };
  }

  /** A number that is another one after every change of the space's vectors. */
  changesOf(space: number): number {
    const query = "SELECT changes FROM spaces WHERE space = ?";
    return this.#sql.exec<{ changes: number }>(query, space).one().changes;
  }

  #deleteVector(space: number, key: number): void {
    const query = "DELETE FROM vectors WHERE place = ? RETURNING place";
    if (this.#sql.exec(query, placeOf(space, key)).toArray().length > 0) this.#noteChange(space);
  }

  #noteChange(space: number): void {
    this.#sql.exec("UPDATE spaces SET changes = changes + 1 WHERE space = ?", space);
  }
}
