/** The one search box: words and a picture, what is searched by as chips, and how much each counts. */
import type { Item } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";
import { element, part } from "../dom.ts";
import { type TakeFiles, takeFromInput } from "../intake.ts";
import { itemPicture } from "../item/picture.ts";
import { titleOf } from "../item/words.ts";
import type { ShownQuery } from "./query-print.ts";
import { EVEN, type Wish } from "./wish.ts";

export interface SearchBoxEvents {
  readonly ask: (words: string) => void;
  readonly take: TakeFiles;
  readonly balance: (share: number) => void;
  readonly dropPicture: () => void;
  readonly dropUnlike: (id: string) => void;
}

export class SearchBox {
  readonly #words: HTMLInputElement;
  readonly #chips: HTMLElement;
  readonly #balance: HTMLElement;
  readonly #slider: HTMLInputElement;

  constructor(
    root: HTMLElement,
    private readonly api: Api,
    private readonly events: SearchBoxEvents,
  ) {
    this.#words = part<HTMLInputElement>(root, "words");
    this.#chips = part(root, "chips");
    this.#balance = part(root, "balance");
    this.#slider = part<HTMLInputElement>(root, "balance-share");
    root.addEventListener("submit", (event) => {
      event.preventDefault();
      events.ask(this.#words.value);
    });
    // The cross that browsers put into the field.
    this.#words.addEventListener("search", () => {
      if (this.#words.value === "") events.ask("");
    });
    takeFromInput(part<HTMLInputElement>(root, "words-picture"), 0, events.take);
    this.#slider.addEventListener("change", () => events.balance(Number(this.#slider.value) / 100));
  }

  /** What has been typed, whether or not it was searched by. */
  get typed(): string {
    return this.#words.value;
  }

  /** @param unlike items that results are not to be like, as far as they are known by now */
  show(wish: Wish, picture: ShownQuery | undefined, unlike: readonly Item[]): void {
    const { words, balance } = wish;
    if (this.#words !== document.activeElement || words !== undefined) this.#words.value = words ?? "";
    this.#balance.hidden = words === undefined || picture === undefined;
    this.#slider.value = String(Math.round(balance * 100));
    this.#slider.setAttribute("aria-valuetext", balanceText(balance));
    const focused = this.#chips.contains(document.activeElement);
    this.#chips.replaceChildren(
      ...(words === undefined ? [] : [chip(`“${words}”`, () => this.events.ask(""))]),
      ...(picture === undefined ? [] : [pictureChip(picture, this.events.dropPicture)]),
      ...wish.unlike.map((id) =>
        this.#unlikeChip(
          id,
          unlike.find((item) => item.id === id),
        ),
      ),
    );
    // Who removes a chip by keyboard goes on with the next, or in the field.
    if (focused) (this.#chips.querySelector("button") ?? this.#words).focus();
  }

  #unlikeChip(id: string, item: Item | undefined): HTMLElement {
    const name = item === undefined ? id : titleOf(item);
    const node = chip(name, () => this.events.dropUnlike(id), "Not: ");
    node.classList.add("unlike");
    if (item !== undefined) node.prepend(thumbnail(itemPicture(item, this.api)));
    return node;
  }
}

function pictureChip({ url, name }: ShownQuery, drop: () => void): HTMLElement {
  const node = chip(name, drop);
  node.prepend(thumbnail(element("img", { src: url, alt: "" })));
  return node;
}

function thumbnail(image: HTMLElement): HTMLElement {
  return element("span", { class: "chip-face", "aria-hidden": "true" }, image);
}

function chip(name: string, drop: () => void, before = ""): HTMLElement {
  const remove = element("button", { type: "button", "aria-label": `Remove: ${before}${name}` }, "×");
  remove.addEventListener("click", drop);
  return element(
    "li",
    { class: "query-chip" },
    element("span", { class: "chip-name" }, before, name),
    remove,
  );
}

function balanceText(balance: number): string {
  if (balance === EVEN) return "words and picture the same";
  const share = Math.round(balance * 100);
  return balance > EVEN ? `picture ${share} percent` : `words ${100 - share} percent`;
}
