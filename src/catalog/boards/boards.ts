/** Boards as their callers see them; shards are behind it. */
import { BoardGraph } from "../../graph/board-graph.ts";
import { listCursor, placeCursor, readListCursor, readPlaceCursor } from "../cursor.ts";
import { MAX_PAGE } from "../limits.ts";
import { type ShardNamespace, Shards } from "../shards.ts";
import type { Board, BoardEntry, BoardItems, BoardWrite, BoardWritten } from "./board.ts";
import type { BoardOutcome, BoardShard } from "./board-shard.ts";
import {
  BoardFullError,
  BoardNotFoundError,
  BoardVersionConflictError,
  NotOnBoardError,
  TooManyBoardsError,
} from "./errors.ts";
import { NEAR_ITEMS } from "./limits.ts";

/** A shard's methods, called from another isolate. */
export type BoardShardStub = Pick<
  BoardShard,
  "put" | "delete" | "add" | "remove" | "get" | "list" | "entries" | "itemsOf" | "near" | "stats"
>;

/** Boards are few beside items: two objects hold 200,000. */
export const DEFAULT_BOARD_SHARDS = 2;

export interface BoardPage {
  readonly boards: Board[];
  /** Cursor of the next page; none after the last. */
  readonly next?: string;
}

export interface BoardEntryPage {
  readonly entries: BoardEntry[];
  /** The board's. */
  readonly version: number;
  readonly next?: string;
}

export interface BoardListOptions {
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  /** 1 … MAX_PAGE. @default 50 */
  readonly limit?: number | undefined;
  /** Only boards that hold this item. */
  readonly item?: string | undefined;
}

export class Boards {
  readonly #shards: Shards<BoardShardStub>;

  /**
   * @param namespace of the Durable Object class `BoardShard`
   * @param shardCount must never change for boards that are there: see `shardOf`
   */
  constructor(namespace: ShardNamespace, shardCount: number = DEFAULT_BOARD_SHARDS) {
    this.#shards = new Shards<BoardShardStub>(namespace, shardCount);
  }

  /**
   * Makes or changes a board. When this has answered, it is on disk. The same write again changes nothing.
   * @throws {BoardVersionConflictError} {TooManyBoardsError} {CatalogUnavailableError}
   */
  async put(write: BoardWrite): Promise<BoardWritten> {
    return accepted(write.id, "", await this.#shards.one(write.id, (shard) => shard.put(write)));
  }

  /** @throws {BoardNotFoundError} {BoardVersionConflictError} {CatalogUnavailableError} */
  async delete(id: string, ifVersion?: number): Promise<void> {
    accepted(id, "", await this.#shards.one(id, (shard) => shard.delete(id, ifVersion)));
  }

  /** Puts an item at the end. @throws {BoardNotFoundError} {BoardFullError} {CatalogUnavailableError} */
  async add(id: string, item: string): Promise<BoardWritten> {
    return accepted(id, item, await this.#shards.one(id, (shard) => shard.add(id, item)));
  }

  /** @throws {BoardNotFoundError} {NotOnBoardError} {CatalogUnavailableError} */
  async remove(id: string, item: string): Promise<void> {
    accepted(id, item, await this.#shards.one(id, (shard) => shard.remove(id, item)));
  }

  /** @throws {BoardNotFoundError} {CatalogUnavailableError} */
  async get(id: string): Promise<Board> {
    return found(id, await this.#shards.one(id, (shard) => shard.get(id)));
  }

  /** Boards in the order of their ids. @throws {InvalidCursorError} {CatalogUnavailableError} */
  async list({ cursor, limit = 50, item }: BoardListOptions = {}): Promise<BoardPage> {
    const size = Math.min(MAX_PAGE, Math.max(1, limit));
    const after = cursor === undefined ? undefined : readListCursor(cursor);
    const pages = await this.#shards.all((shard) => shard.list({ after, limit: size, item }));
    const all = pages.flatMap(({ boards }) => boards).sort((a, b) => (a.id < b.id ? -1 : 1));
    const boards = all.slice(0, size);
    const more = all.length > size || pages.some((page) => page.more);
    return { boards, ...(more && { next: listCursor(boards.at(-1)!.id) }) };
  }

  /**
   * Items of a board by id, in the order in which they were added.
   * @throws {BoardNotFoundError} {InvalidCursorError} {CatalogUnavailableError}
   */
  async entries(
    id: string,
    { cursor, limit = 50 }: Omit<BoardListOptions, "item"> = {},
  ): Promise<BoardEntryPage> {
    const after = cursor === undefined ? 0 : readPlaceCursor(cursor);
    const size = Math.min(MAX_PAGE, Math.max(1, limit));
    const page = await this.#shards.one(id, (shard) => shard.entries(id, after, size));
    const { entries, more, version } = found(id, page);
    return { entries, version, ...(more && { next: placeCursor(entries.at(-1)!.place) }) };
  }

  /** Ids of all items of a board, in order. @throws {BoardNotFoundError} {CatalogUnavailableError} */
  async itemsOf(id: string): Promise<{ readonly items: readonly string[]; readonly version: number }> {
    return found(id, await this.#shards.one(id, (shard) => shard.itemsOf(id)));
  }

  /**
   * The graph around some items: other boards that have them, and boards that have what is on those.
   * @param except a board that is left out
   * @returns also how many boards have the items themselves
   */
  async around(
    items: readonly string[],
    except: string,
  ): Promise<{ readonly graph: BoardGraph; readonly near: number }> {
    const step = async (from: readonly string[]) =>
      (await this.#shards.all((shard) => shard.near(from, except))).flat();
    const near = await step(items);
    const own = new Set(items);
    const outer = [...new Set(near.flatMap((board) => board.items))].filter((item) => !own.has(item));
    const further = outer.length > 0 ? await step(outer.slice(0, NEAR_ITEMS)) : [];
    return { graph: new BoardGraph(edgesOf([...near, ...further])), near: near.length };
  }

  async stats(): Promise<{ readonly boards: number; readonly edges: number }> {
    const all = await this.#shards.all((shard) => shard.stats());
    return all.reduce((sum, { boards, edges }) => ({
      boards: sum.boards + boards,
      edges: sum.edges + edges,
    }));
  }
}

function* edgesOf(boards: readonly BoardItems[]) {
  for (const { board, items } of boards) for (const item of items) yield { board, item };
}

function found<Value>(id: string, value: Value | undefined): Value {
  if (value === undefined) throw new BoardNotFoundError(id);
  return value;
}

/** @throws what a write's outcome means, unless it is well */
function accepted(id: string, item: string, outcome: BoardOutcome): BoardWritten {
  if (outcome.ok) {
    const { ok: _, ...written } = outcome;
    return written;
  }
  switch (outcome.why) {
    case "version":
      throw new BoardVersionConflictError(id, outcome.version);
    case "missing":
      throw new BoardNotFoundError(id);
    case "not-there":
      throw new NotOnBoardError(id, item);
    case "board-full":
      throw new BoardFullError(id);
    case "shard-full":
      throw new TooManyBoardsError();
  }
}
