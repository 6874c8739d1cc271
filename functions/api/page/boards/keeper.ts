/** The boards as the page knows them, and everything that it does to them; what can be undone says so. */
import type { Board } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";
import { showNotice } from "../views/notice.ts";

/** Boards that the page lists, and items that it looks at in one page. */
const LISTED = 200;

export type BoardRef = Pick<Board, "id" | "title">;

export interface NamedItem {
  readonly id: string;
  /** As a person calls it. */
  readonly name: string;
}

export class BoardKeeper {
  #boards: Promise<Board[]> | undefined;
  readonly #listeners: (() => void)[] = [];

  constructor(private readonly api: Api) {}

  /** Told when something has changed. */
  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** All boards, the one that changed last first. @throws what the client throws */
  list(): Promise<Board[]> {
    this.#boards ??= this.api
      .call((client) => client.boards.list({ limit: LISTED }))
      .then(({ boards }) => boards.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1)));
    this.#boards.catch(() => {
      this.#boards = undefined;
    });
    return this.#boards;
  }

  /** Ids of the boards that have an item. @throws what the client throws */
  async holding(item: string): Promise<Set<string>> {
    const { boards } = await this.api.call((client) => client.boards.list({ item, limit: LISTED }));
    return new Set(boards.map(({ id }) => id));
  }

  async create(title: string, items: readonly NamedItem[] = []): Promise<BoardRef> {
    const id = newId(title);
    const ids = items.map((item) => item.id);
    await this.api.call((client) => client.boards.put(id, { title, items: ids }, { ifVersion: 0 }));
    this.#changed();
    const what = items[0] === undefined ? "is there" : `has ${items[0].name}`;
    showNotice(`${title} ${what}`, () => this.#delete(id));
    return { id, title };
  }

  async save(board: BoardRef, item: NamedItem): Promise<void> {
    const { changed } = await this.api.call((client) => client.boards.add(board.id, item.id));
    this.#changed();
    if (changed) showNotice(`${item.name}: saved to ${board.title}`, () => this.#remove(board.id, item.id));
    else showNotice(`${board.title} has ${item.name} already`);
  }

  async takeOff(board: BoardRef, item: NamedItem): Promise<void> {
    const { id, title } = board;
    const [{ description }, { items, next }] = await this.api.call(({ boards }) =>
      Promise.all([boards.get(id), boards.items(id, { brief: true, limit: LISTED })]),
    );
    await this.#remove(id, item.id);
    // Undone, it comes back to its place; on a large board, to the end.
    const before = { title, description, items: items.map((entry) => entry.id) };
    const undo = () => (next === undefined ? this.#put(id, before) : this.#add(id, item.id));
    showNotice(`${item.name}: taken off ${title}`, undo);
  }

  async describe(board: BoardRef, title: string, description: string): Promise<void> {
    await this.#put(board.id, { title, description: description || undefined });
  }

  async delete({ id, title, description }: Pick<Board, "id" | "title" | "description">): Promise<void> {
    const items = await this.#itemsOf(id);
    await this.#delete(id);
    showNotice(`${title} was deleted`, () => this.#put(id, { title, description, items }));
  }

  async #itemsOf(id: string): Promise<string[]> {
    return this.api.call(async ({ boards }) => {
      const ids: string[] = [];
      for await (const entry of boards.allItems(id, { brief: true })) ids.push(entry.id);
      return ids;
    });
  }

  async #put(id: string, body: { title: string; description: string | undefined; items?: string[] }) {
    await this.api.call((client) => client.boards.put(id, body));
    this.#changed();
  }

  async #add(id: string, item: string): Promise<void> {
    await this.api.call((client) => client.boards.add(id, item));
    this.#changed();
  }

  async #remove(id: string, item: string): Promise<void> {
    await this.api.call((client) => client.boards.remove(id, item));
    this.#changed();
  }

  async #delete(id: string): Promise<void> {
    await this.api.call((client) => client.boards.delete(id));
    this.#changed();
  }

  #changed(): void {
    this.#boards = undefined;
    for (const listener of this.#listeners) listener();
  }
}

/** `Reading corner` → `reading-corner-7f3a2c`: readable, and another one for every board. */
function newId(title: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `${words.slice(0, 40) || "board"}-${crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36)}`;
}
