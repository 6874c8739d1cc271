/** One shard of the boards: a Durable Object with boards and their entries in SQLite. */
import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState } from "@cloudflare/workers-types";
import { migrate } from "../shard/schema.ts";
import type { Board, BoardEntry, BoardItems, BoardWrite, BoardWritten } from "./board.ts";
import { BoardStore, type StoredBoard } from "./board-store.ts";
import { MAX_BOARDS_PER_SHARD, MAX_ITEMS_PER_BOARD, NEAR_BOARDS, NEAR_EDGES } from "./limits.ts";
import { BOARD_MIGRATIONS } from "./schema.ts";

/** What became of a write. */
export type BoardOutcome =
  | ({ readonly ok: true } & BoardWritten)
  | { readonly ok: false; readonly why: "version"; readonly version: number }
  | { readonly ok: false; readonly why: "missing" | "not-there" | "board-full" | "shard-full" };

export interface BoardListQuery {
  /** Boards whose ids come after this one. */
  readonly after?: string | undefined;
  readonly limit: number;
  /** Only boards that hold this item. */
  readonly item?: string | undefined;
}

export interface BoardShardPage {
  readonly boards: Board[];
  readonly more: boolean;
}

export interface EntryPage {
  readonly entries: BoardEntry[];
  readonly more: boolean;
  /** The board's. */
  readonly version: number;
}

/**
 * Every method that writes does so in one transaction, and its answer leaves the object only when the transaction is
 * on disk. Methods expect valid arguments: `Boards` checks what comes from outside.
 */
export class BoardShard extends DurableObject {
  readonly #store: BoardStore;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    migrate(ctx.storage, BOARD_MIGRATIONS);
    this.#store = new BoardStore(ctx.storage.sql);
  }

  /** Makes or changes a board. The same write again changes nothing. */
  async put({ id, title, description, items, ifVersion }: BoardWrite): Promise<BoardOutcome> {
    return this.#write(() => {
      const present = this.#store.find(id);
      const version = present?.version ?? 0;
      if (ifVersion !== undefined && ifVersion !== version) return { ok: false, why: "version", version };
      if (!present && this.#store.count() >= MAX_BOARDS_PER_SHARD) return { ok: false, why: "shard-full" };
      const now = Date.now();
      const list = items && [...new Set(items)];
      if (!present) {
        const key = this.#store.insert(id, title, description, now);
        if (list) this.#store.replace(key, list, now);
        return { ok: true, id, version: 1, created: true, changed: true, items: list?.length ?? 0 };
      }
      return this.#change(present, { title, description, list }, now);
    });
  }

  async delete(id: string, ifVersion?: number): Promise<BoardOutcome> {
    return this.#write(() => {
      const present = this.#store.find(id);
      const version = present?.version ?? 0;
      if (ifVersion !== undefined && ifVersion !== version) return { ok: false, why: "version", version };
      if (!present) return { ok: false, why: "missing" };
      this.#store.delete(present.key);
      return { ok: true, id, version, created: false, changed: true, items: 0 };
    });
  }

  /** Puts an item at the end of a board; one that is there stays where it is. */
  async add(id: string, item: string): Promise<BoardOutcome> {
    return this.#write(() => {
      const board = this.#store.find(id);
      if (!board) return { ok: false, why: "missing" };
      const now = Date.now();
      const added = this.#store.add(board.key, item, now);
      if (!added) return unchanged(board);
      // Checked afterwards, so that an item that is there already is no reason to refuse.
      if (board.items >= MAX_ITEMS_PER_BOARD) {
        this.#store.remove(board.key, item);
        return { ok: false, why: "board-full" };
      }
      const version = this.#store.touch(board.key, now);
      return { ok: true, id, version, created: true, changed: true, items: board.items + 1 };
    });
  }

  async remove(id: string, item: string): Promise<BoardOutcome> {
    return this.#write(() => {
      const board = this.#store.find(id);
      if (!board) return { ok: false, why: "missing" };
      if (!this.#store.remove(board.key, item)) return { ok: false, why: "not-there" };
      const version = this.#store.touch(board.key, Date.now());
      return { ok: true, id, version, created: false, changed: true, items: board.items - 1 };
    });
  }

  async get(id: string): Promise<Board | undefined> {
    return this.#store.get(id);
  }

  async list({ after = "", limit, item }: BoardListQuery): Promise<BoardShardPage> {
    return this.#store.list(after, limit, item);
  }

  /** Entries of a board after a place; nothing when there is no such board. */
  async entries(id: string, after: number, limit: number): Promise<EntryPage | undefined> {
    const board = this.#store.find(id);
    return board && { ...this.#store.entries(board.key, after, limit), version: board.version };
  }

  /** Ids of all its items, in order; nothing when there is no such board. */
  async itemsOf(id: string): Promise<{ items: string[]; version: number } | undefined> {
    const board = this.#store.find(id);
    return board && { items: this.#store.itemsOf(board.key), version: board.version };
  }

  /** Other boards with any of some items, the smallest first: see `NEAR_BOARDS` and `NEAR_EDGES`. */
  async near(items: readonly string[], except: string): Promise<BoardItems[]> {
    return this.#store.near(items, except, NEAR_BOARDS, NEAR_EDGES);
  }

  async stats(): Promise<{ boards: number; edges: number }> {
    return { boards: this.#store.count(), edges: this.#store.countEntries() };
  }

  #change(
    board: StoredBoard,
    next: { title: string; description: string | undefined; list: readonly string[] | undefined },
    now: number,
  ): BoardOutcome {
    const { title, description, list } = next;
    const sameWords = board.title === title && (board.description ?? undefined) === description;
    const sameItems = list === undefined || areSame(list, this.#store.itemsOf(board.key));
    if (sameWords && sameItems) return unchanged(board);
    this.#store.describe(board.key, title, description);
    if (!sameItems) this.#store.replace(board.key, list, now);
    const version = this.#store.touch(board.key, now);
    const items = list?.length ?? board.items;
    return { ok: true, id: board.id, version, created: false, changed: true, items };
  }

  #write(change: () => BoardOutcome): BoardOutcome {
    return this.ctx.storage.transactionSync(change);
  }
}

function unchanged({ id, version, items }: StoredBoard): BoardOutcome {
  return { ok: true, id, version, created: false, changed: false, items };
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at]);
}
