/** One board: what is on it, and what would suit it. */
import {
  type Board,
  type BoardEntry,
  type MoreResults,
  NotFoundError,
} from "../../../../src/client/index.ts";
import { ask, confirmLoss } from "../access/dialog.ts";
import { element, part } from "../dom.ts";
import { itemCard } from "../item/card.ts";
import type { PageContext } from "../item/context.ts";
import { Masonry } from "../item/masonry.ts";
import { titleOf } from "../item/words.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { countText } from "./board-card.ts";

/** Items of one page of the board, and suggestions at first. */
const PAGE = 48;
const SUGGESTIONS = 12;

type Suggestion = MoreResults["results"][number];

export class BoardPage {
  readonly #root: HTMLElement;
  readonly #items: Masonry;
  readonly #suggestions: Masonry;
  #id = "";
  #board: Board | undefined;
  /** Grows with every call, so that late answers are left alone. */
  #turn = 0;
  #titles = new Map<string, string>();

  constructor(
    root: HTMLElement,
    private readonly page: PageContext,
  ) {
    this.#root = root;
    this.#items = new Masonry(part(root, "board-items"));
    this.#suggestions = new Masonry(part(root, "suggestions-list"));
    part(root, "board-rename").addEventListener("click", () => void this.#attempt(() => this.#rename()));
    part(root, "board-delete").addEventListener("click", () => void this.#attempt(() => this.#delete()));
  }

  async open(id: string): Promise<void> {
    this.#id = id;
    this.#board = undefined;
    part(this.#root, "board-title").textContent = "A board";
    part(this.#root, "board-description").textContent = "";
    part(this.#root, "board-actions").hidden = true;
    this.#items.replace([]);
    this.#suggestions.replace([]);
    part(this.#root, "suggestions").hidden = true;
    await this.#load();
  }

  again(): void {
    void this.#load();
  }

  async #load(): Promise<void> {
    const turn = ++this.#turn;
    const id = this.#id;
    const notice = part(this.#root, "board-notice");
    try {
      const [board, { items, next }] = await Promise.all([
        this.page.api.call((client) => client.boards.get(id)),
        this.page.api.call((client) => client.boards.items(id, { limit: PAGE })),
      ]);
      if (turn !== this.#turn) return;
      this.#show(board);
      this.#titles = new Map();
      this.#items.replace(this.#cards(items));
      this.#offerMore("board-items-more", next, (cursor) => this.#moreItems(cursor, turn));
      notice.replaceChildren(...(items.length === 0 ? [emptyBoard()] : []));
      await this.#suggest(turn);
    } catch (thrown) {
      if (turn !== this.#turn) return;
      // A board that was just deleted, by whoever it was.
      if (thrown instanceof NotFoundError) part(this.#root, "board-title").textContent = "No such board";
      this.#items.replace([]);
      notice.replaceChildren(problemSlip(thrown, () => void this.#load()));
    }
  }

  #show(board: Board): void {
    this.#board = board;
    part(this.#root, "board-title").textContent = board.title;
    const words = [board.description, countText(board.items)].filter(Boolean).join(" · ");
    part(this.#root, "board-description").textContent = words;
    part(this.#root, "board-actions").hidden = false;
  }

  #cards(entries: readonly BoardEntry[]): HTMLElement[] {
    return entries.map(({ id, item }) => {
      const name = item === undefined ? id : titleOf(item);
      this.#titles.set(id, name);
      const off = element("button", { type: "button", class: "plain" }, "Take off");
      off.append(element("span", { class: "unseen" }, `: ${name}`));
      off.addEventListener("click", () =>
        this.#attempt(async () => {
          await this.page.boards.takeOff(this.#board!, { id, name });
          part(this.#root, "board-title").focus({ preventScroll: true });
        }),
      );
      return item === undefined ? goneCard(id, off) : itemCard(item, this.page, [], [off]);
    });
  }

  async #moreItems(cursor: string, turn: number): Promise<void> {
    const { items, next } = await this.page.api.call((client) =>
      client.boards.items(this.#id, { limit: PAGE, cursor }),
    );
    if (turn !== this.#turn) return;
    this.#items.append(this.#cards(items));
    this.#offerMore("board-items-more", next, (after) => this.#moreItems(after, turn));
  }

  async #suggest(turn: number, cursor?: string): Promise<void> {
    const query = { limit: SUGGESTIONS, cursor, explain: true };
    const { results, next } = await this.page.api.call((client) => client.boards.more(this.#id, query));
    if (turn !== this.#turn) return;
    const cards = results.map((result) => this.#suggestionCard(result));
    if (cursor === undefined) this.#suggestions.replace(cards);
    else this.#suggestions.append(cards);
    part(this.#root, "suggestions").hidden = cursor === undefined && results.length === 0;
    this.#offerMore("suggestions-more", next, (after) => this.#suggest(turn, after));
  }

  #suggestionCard({ item, explanation }: Suggestion): HTMLElement {
    const name = titleOf(item);
    const add = element("button", { type: "button", class: "plain" }, "Add");
    add.append(element("span", { class: "unseen" }, `: ${name}, to this board`));
    add.addEventListener("click", () =>
      this.#attempt(() => this.page.boards.save(this.#board!, { id: item.id, name })),
    );
    const why =
      explanation?.by === "look"
        ? `Like ${this.#titles.get(explanation.like) ?? "the board"}`
        : "On other boards with these";
    const note = element("p", { class: "print-facts why" }, why);
    return itemCard(item, this.page, [note], [add]);
  }

  #offerMore(name: string, next: string | undefined, fetchNext: (cursor: string) => Promise<void>): void {
    const button = part<HTMLButtonElement>(this.#root, name);
    button.hidden = next === undefined;
    button.onclick = () => {
      if (next !== undefined) void this.#attempt(() => fetchNext(next));
    };
  }

  async #rename(): Promise<void> {
    const board = this.#board!;
    const title = element("input", { type: "text", maxlength: 200, required: "", pattern: ".*\\S.*" });
    const description = element("input", { type: "text", maxlength: 2_000 });
    title.value = board.title;
    description.value = board.description ?? "";
    const agreed = await ask({
      title: "Rename the board",
      body: [
        element("label", { class: "field" }, "Name", title),
        element("label", { class: "field" }, "About it", description),
      ],
      agree: "Rename",
    });
    if (agreed) await this.page.boards.describe(board, title.value.trim(), description.value.trim());
  }

  async #delete(): Promise<void> {
    const board = this.#board!;
    const detail = `${board.title} goes; its items stay in the catalogue.`;
    if (!(await confirmLoss("Delete this board?", detail, "Delete"))) return;
    this.page.router.go({ view: "boards", params: new URLSearchParams() });
    await this.page.boards.delete(board);
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      part(this.#root, "board-notice").replaceChildren(problemSlip(thrown));
    }
  }
}

function goneCard(id: string, off: HTMLElement): HTMLElement {
  const face = element("span", { class: "no-picture" }, "No longer in the catalogue");
  const paper = element(
    "article",
    { class: "paper" },
    face,
    element("span", { class: "print-title" }, id),
    element("p", { class: "print-actions" }, off),
  );
  return element("li", { class: "pinned gone", "data-id": id }, paper);
}

function emptyBoard(): HTMLElement {
  const search = element("a", { href: "#/search" }, "To the search");
  const title = element("p", { class: "slip-title" }, "Nothing hangs here yet");
  return element("div", { class: "slip" }, title, "Drag prints onto it, or save them. ", search);
}
