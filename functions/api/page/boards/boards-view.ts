/** The view of boards: all of them, or the one that the address names. */
import { element, part } from "../dom.ts";
import type { PageContext } from "../item/context.ts";
import type { Route } from "../route.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { boardAddress, boardCard } from "./board-card.ts";
import { BoardPage } from "./board-page.ts";
import { boardsMarkup } from "./markup.ts";

export class BoardsView {
  readonly #all: HTMLElement;
  readonly #one: HTMLElement;
  readonly #board: BoardPage;
  #shown: string | undefined;

  constructor(
    root: HTMLElement,
    private readonly page: PageContext,
  ) {
    root.append(...boardsMarkup());
    this.#all = part(root, "all-boards");
    this.#one = part(root, "one-board");
    this.#board = new BoardPage(this.#one, page);
    const form = part<HTMLFormElement>(root, "new-board");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#create(part<HTMLInputElement>(root, "new-board-title"));
    });
    page.boards.listen(() => this.again());
  }

  show({ params }: Route): void {
    const id = params.get("board") ?? "";
    if (id === this.#shown) return;
    const moved = this.#shown !== undefined;
    this.#shown = id;
    this.#all.hidden = id !== "";
    this.#one.hidden = id === "";
    if (id === "") void this.#list();
    else void this.#board.open(id);
    if (moved) (id === "" ? this.#all : this.#one).querySelector("h1")?.focus();
  }

  /** The same again: boards or items have changed. */
  again(): void {
    const { route } = this.page.router;
    if (route.view !== "boards") {
      this.#shown = undefined;
      return;
    }
    if (this.#shown === "") void this.#list();
    else this.#board.again();
  }

  async #list(): Promise<void> {
    const notice = part(this.#all, "boards-notice");
    const cards = part(this.#all, "board-cards");
    try {
      const boards = await this.page.boards.list();
      notice.replaceChildren(...(boards.length === 0 ? [noBoards()] : []));
      cards.replaceChildren(...boards.map((board) => boardCard(board, this.page)));
    } catch (thrown) {
      notice.replaceChildren(problemSlip(thrown, () => void this.#list()));
    }
  }

  async #create(input: HTMLInputElement): Promise<void> {
    const notice = part(this.#all, "boards-notice");
    try {
      const { id } = await this.page.boards.create(input.value.trim());
      input.value = "";
      this.#all.querySelector<HTMLElement>(`a[href="${CSS.escape(boardAddress(id))}"]`)?.focus();
    } catch (thrown) {
      notice.replaceChildren(problemSlip(thrown));
    }
  }
}

function noBoards(): HTMLElement {
  const title = element("p", { class: "slip-title" }, "There are no boards yet");
  return element("div", { class: "slip" }, title, "Make one, or save a print from the search to a new one.");
}
