/** The catalogue's list: page by page, kept up to date while items wait. */
import type { Item, ListOptions } from "../../../../src/client/index.ts";
import { confirmLoss } from "../access/dialog.ts";
import { element } from "../dom.ts";
import type { PageContext } from "../item/context.ts";
import { titleOf } from "../item/words.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { entryOf } from "./entry.ts";

const PAGE = 48;

/** Waiting items that are asked for one by one at a time. */
const REFRESHED = 12;

export interface EntryParts {
  readonly list: HTMLElement;
  readonly more: HTMLButtonElement;
  readonly notice: HTMLElement;
}

export class Entries {
  readonly #items = new Map<string, Item>();
  #query: ListOptions = {};
  #next: string | undefined;
  #turn = 0;

  /** @param changed told when the visitor changed the catalogue */
  constructor(
    private readonly parts: EntryParts,
    private readonly page: PageContext,
    private readonly changed: () => void,
  ) {
    parts.more.addEventListener("click", () => void this.#load(this.#next, this.#turn));
  }

  /** Whether some of the items shown wait to be embedded. */
  get areWaiting(): boolean {
    return [...this.#items.values()].some(({ state }) => state.status === "pending");
  }

  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  /** Shows other items. */
  async show(query: ListOptions): Promise<void> {
    this.#turn += 1;
    this.#query = query;
    this.#items.clear();
    this.parts.list.replaceChildren();
    await this.#load(undefined, this.#turn);
  }

  hide(): void {
    this.#turn += 1;
    this.#items.clear();
    this.parts.list.replaceChildren();
    this.parts.notice.replaceChildren();
    this.parts.more.hidden = true;
  }

  /** Puts a new item in front. */
  async prepend(id: string): Promise<void> {
    const item = await this.page.api.call((client) => client.items.get(id));
    this.#find(id)?.remove();
    this.#items.set(id, item);
    this.parts.notice.replaceChildren();
    this.parts.list.prepend(this.#entry(item));
  }

  remove(id: string): void {
    this.#items.delete(id);
    this.#find(id)?.remove();
    this.#sayIfEmpty();
  }

  /** Asks how some of the waiting items are. */
  async refresh(): Promise<void> {
    const waiting = [...this.#items.values()].filter(({ state }) => state.status === "pending");
    const asked = waiting.slice(0, REFRESHED);
    await Promise.all(asked.map(({ id }) => this.#update(id).catch(() => undefined)));
  }

  async #update(id: string): Promise<void> {
    const item = await this.page.api.call((client) => client.items.get(id), true);
    const before = this.#items.get(id);
    if (before === undefined || JSON.stringify(before) === JSON.stringify(item)) return;
    this.#items.set(id, item);
    this.#find(id)?.replaceWith(this.#entry(item));
    if (item.state.status !== "pending") {
      this.page.announce(`${titleOf(item)}: ${item.state.status}`);
    }
  }

  async #load(cursor: string | undefined, turn: number): Promise<void> {
    const { list, more, notice } = this.parts;
    more.hidden = true;
    notice.replaceChildren();
    list.setAttribute("aria-busy", "true");
    try {
      const query = { ...this.#query, limit: PAGE, cursor };
      const { items, next } = await this.page.api.call((client) => client.items.list(query));
      if (turn !== this.#turn) return;
      this.#next = next;
      for (const item of items) {
        if (this.#items.has(item.id)) continue;
        this.#items.set(item.id, item);
        list.append(this.#entry(item));
      }
      more.hidden = next === undefined;
      this.#sayIfEmpty();
    } catch (thrown) {
      if (turn === this.#turn)
        notice.replaceChildren(problemSlip(thrown, () => void this.#load(cursor, turn)));
    } finally {
      list.removeAttribute("aria-busy");
    }
  }

  #sayIfEmpty(): void {
    if (!this.isEmpty || this.#next !== undefined) return;
    const { state, category } = this.#query;
    const filtered = state !== undefined || category !== undefined;
    const text = filtered
      ? "Nothing here matches."
      : "The catalogue is empty. Drop some pictures above to begin.";
    this.parts.notice.replaceChildren(element("p", { class: "empty" }, text));
  }

  #entry(item: Item): HTMLLIElement {
    return entryOf(item, this.page, {
      retry: (failed) => void this.#retry(failed),
      remove: (unwanted) => void this.#remove(unwanted),
    });
  }

  async #retry(item: Item): Promise<void> {
    await this.#attempt(async () => {
      await this.page.api.call((client) => client.items.retry(item.id));
      await this.#update(item.id);
      this.page.announce(`${titleOf(item)} waits again`);
    });
  }

  async #remove(item: Item): Promise<void> {
    const title = titleOf(item);
    const detail = `${title} leaves the catalogue with its picture. This cannot be undone.`;
    if (!(await confirmLoss("Delete this item?", detail, "Delete"))) return;
    await this.#attempt(async () => {
      await this.page.api.call((client) => client.items.delete(item.id));
      this.page.removed(item.id);
      this.page.announce(`${title} was deleted`);
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.changed();
    } catch (thrown) {
      this.parts.notice.replaceChildren(problemSlip(thrown));
    }
  }

  #find(id: string): Element | null {
    return this.parts.list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }
}
