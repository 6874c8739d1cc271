/** The board with what was found, and everything that can be said instead of it. */
import type { Crop, Filter, Item, SearchResult } from "../../../../src/client/index.ts";
import { saveButton } from "../boards/save-dialog.ts";
import { element, part } from "../dom.ts";
import { calibrationOf } from "../interpretation.ts";
import { itemCard, skeletonCard } from "../item/card.ts";
import type { PageContext } from "../item/context.ts";
import { Masonry } from "../item/masonry.ts";
import { isDrawing, titleOf } from "../item/words.ts";
import { listModels } from "../model.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { closenessNote, fitNote } from "./closeness.ts";
import type { Found } from "./finding.ts";
import type { Subject } from "./subject.ts";
import type { Wish } from "./wish.ts";

const SKELETONS = 12;

/** What the results were asked with. */
export interface Asked {
  readonly subject: Subject | undefined;
  readonly crop: Crop | undefined;
  readonly wish: Wish;
  readonly filter: Filter | undefined;
  readonly explain: boolean;
}

export interface ResultEvents {
  readonly retry: () => void;
  /** Results are not to be like this item. */
  readonly unlike: (id: string) => void;
}

/** The default model's calibration: the catalogue is embedded with it. */
const calibration = listModels().then(
  ([model]) => model && calibrationOf(model.manifest),
  () => undefined,
);

export class Results {
  readonly #list: HTMLElement;
  readonly #masonry: Masonry;
  readonly #title: HTMLElement;
  readonly #note: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #notice: HTMLElement;
  #found: Found | undefined;
  #asked: Asked | undefined;

  constructor(
    root: ParentNode,
    private readonly page: PageContext,
    private readonly events: ResultEvents,
  ) {
    this.#list = part(root, "results");
    this.#masonry = new Masonry(this.#list);
    this.#title = part(root, "results-title");
    this.#note = part(root, "drawings-note");
    this.#more = part<HTMLButtonElement>(root, "more");
    this.#notice = part(root, "results-notice");
    this.#more.addEventListener("click", () => void this.#showMore());
  }

  /** Results that hang here. */
  get count(): number {
    return this.#found?.results.length ?? 0;
  }

  /** Sheets without pictures, until there is an answer. */
  wait(): void {
    this.#list.setAttribute("aria-busy", "true");
    this.#notice.replaceChildren();
    this.#more.hidden = true;
    if (this.#list.childElementCount > 0) this.#list.classList.add("is-stale");
    else this.#masonry.replace(Array.from({ length: SKELETONS }, skeletonCard));
  }

  async show(found: Found, asked: Asked): Promise<void> {
    this.#asked = asked;
    this.#found = found;
    const cards = await this.#cards(found.results);
    this.#settle();
    this.#masonry.replace(cards);
    const words = describe(asked);
    this.#title.textContent = words;
    this.#more.hidden = found.more === undefined;
    this.#note.hidden = !found.results.some(({ item }) => isDrawing(item));
    if (cards.length === 0) this.#notice.replaceChildren(nothingFound(asked));
    const count = found.more === undefined ? cards.length : `The first ${cards.length}`;
    this.page.announce(`${words}: ${count} ${cards.length === 1 ? "result" : "results"}`);
  }

  /** @param asked what failed, as far as it is known */
  fail(thrown: unknown, asked?: Asked): void {
    this.#settle();
    if (asked !== undefined) this.#title.textContent = describe(asked);
    this.#masonry.replace([]);
    this.#more.hidden = true;
    this.#notice.replaceChildren(problemSlip(thrown, this.events.retry));
  }

  async #showMore(): Promise<void> {
    const more = this.#found?.more;
    const before = this.#found;
    if (more === undefined) return;
    this.#more.disabled = true;
    try {
      const found = await more();
      if (this.#found !== before) return;
      this.#found = found;
      const cards = await this.#cards(found.results);
      this.#masonry.append(cards);
      this.#more.hidden = found.more === undefined;
      cards[0]?.querySelector("a")?.focus();
      this.page.announce(`${cards.length} more results`);
    } catch (thrown) {
      if (this.#found === before) {
        this.#notice.replaceChildren(problemSlip(thrown, () => void this.#showMore()));
      }
    } finally {
      this.#more.disabled = false;
    }
  }

  async #cards(results: readonly SearchResult[]): Promise<HTMLElement[]> {
    const known = await calibration;
    const { subject, wish, explain = false } = this.#asked ?? {};
    const byWords = wish?.words !== undefined || (wish?.unlike.length ?? 0) > 0;
    if (subject === undefined && !byWords) {
      return results.map(({ item }) => itemCard(item, this.page, [], [saveButton(item, this.page)]));
    }
    const best = this.#found?.results[0]?.score ?? 1;
    return results.map((result) => {
      const note = byWords ? fitNote(result, best, explain) : closenessNote(result, known, explain);
      return itemCard(
        result.item,
        this.page,
        [note],
        [this.#notThis(result.item), saveButton(result.item, this.page)],
      );
    });
  }

  #notThis(item: Item): HTMLElement {
    const label = element("span", { class: "unseen" }, `: ${titleOf(item)}`);
    const button = element("button", { type: "button", class: "plain" }, "Not this", label);
    button.addEventListener("click", () => this.events.unlike(item.id));
    return button;
  }

  #settle(): void {
    this.#list.removeAttribute("aria-busy");
    this.#list.classList.remove("is-stale");
    this.#notice.replaceChildren();
  }
}

function describe({ subject, crop, wish, filter }: Asked): string {
  const part = crop === undefined ? "" : "part of ";
  const what = filter?.category === undefined ? "" : ` in ${filter.category}`;
  const but = wish.unlike.length === 0 ? "" : `, but not like ${wish.unlike.length}`;
  const words = wish.words === undefined ? "" : `“${wish.words}”`;
  if (subject === undefined) {
    if (words !== "") return `${words}${what}${but}`;
    return filter === undefined ? "Some of everything" : `Filtered${what}`;
  }
  const name = "item" in subject ? titleOf(subject.item) : subject.picture.name;
  return `${words === "" ? "Like" : `${words}, like`} ${part}${name}${what}${but}`;
}

function nothingFound({ subject, wish, filter }: Asked): HTMLElement {
  const [title, detail] =
    filter !== undefined
      ? ["Nothing passes these filters", "Take one away, or clear them all."]
      : subject !== undefined || wish.words !== undefined
        ? ["Nothing else hangs here yet", "There is nothing in the catalogue to compare with."]
        : ["The board is empty", "Add pictures in the catalogue; they appear here once they are embedded."];
  const slip = element("div", { class: "slip" }, element("p", { class: "slip-title" }, title), detail);
  if (subject === undefined && filter === undefined) {
    slip.append(element("p", {}, element("a", { href: "#/catalog" }, "To the catalogue")));
  }
  return slip;
}
