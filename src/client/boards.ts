/** Boards, and what is on them. */

import type {
  Board,
  BoardEntry,
  BoardEntryPage,
  BoardItemsOptions,
  BoardListOptions,
  BoardPage,
  BoardWritten,
  MoreOptions,
  MoreResults,
  NewBoard,
} from "./board-types.ts";
import { conditions, type WriteOptions } from "./routes.ts";
import type { CallOptions, Transport } from "./transport.ts";

const at = encodeURIComponent;

export class Boards {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes or changes a board. The same again changes nothing. */
  put(id: string, body: NewBoard, { ifVersion, ...options }: WriteOptions = {}): Promise<BoardWritten> {
    const headers = conditions(ifVersion);
    return this.#transport.json({ method: "PUT", path: `/v1/boards/${at(id)}`, body, headers, ...options });
  }

  get(id: string, options?: CallOptions): Promise<Board> {
    return this.#transport.json({ path: `/v1/boards/${at(id)}`, ...options });
  }

  /** Its items stay in the catalogue. */
  async delete(id: string, { ifVersion, ...options }: WriteOptions = {}): Promise<void> {
    const headers = conditions(ifVersion);
    await this.#transport.send({ method: "DELETE", path: `/v1/boards/${at(id)}`, headers, ...options });
  }

  /** One page, in the order of the ids. */
  list(query: BoardListOptions = {}, options?: CallOptions): Promise<BoardPage> {
    return this.#transport.json({ path: "/v1/boards", query, ...options });
  }

  /** All boards, page by page as they are taken. */
  async *all(query: BoardListOptions = {}, options?: CallOptions): AsyncGenerator<Board> {
    let { cursor } = query;
    do {
      const page = await this.list({ limit: 200, ...query, cursor }, options);
      yield* page.boards;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  /** One page of a board's items, in the order in which they were added. */
  items(id: string, query: BoardItemsOptions = {}, options?: CallOptions): Promise<BoardEntryPage> {
    return this.#transport.json({ path: `/v1/boards/${at(id)}/items`, query, ...options });
  }

  /** All items of a board, page by page as they are taken. */
  async *allItems(
    id: string,
    query: BoardItemsOptions = {},
    options?: CallOptions,
  ): AsyncGenerator<BoardEntry> {
    let { cursor } = query;
    do {
      const page = await this.items(id, { limit: 200, ...query, cursor }, options);
      yield* page.items;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  /** Puts an item on a board, at the end; one that is there stays where it is. */
  add(id: string, item: string, options?: CallOptions): Promise<BoardWritten> {
    return this.#transport.json({ method: "PUT", path: entryPath(id, item), ...options });
  }

  /** Takes an item off a board. */
  async remove(id: string, item: string, options?: CallOptions): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: entryPath(id, item), ...options });
  }

  /** Items that would suit a board, best first; one page. */
  more(id: string, query: MoreOptions = {}, options?: CallOptions): Promise<MoreResults> {
    return this.#transport.json({ path: `/v1/boards/${at(id)}/more`, query, ...options });
  }
}

function entryPath(board: string, item: string): string {
  return `/v1/boards/${at(board)}/items/${at(item)}`;
}
