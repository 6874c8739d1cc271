/** A print of the feed: to save, to hide, and to be asked why it is there. */
import type { FeedItem } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";
import { itemCard } from "../item/card.ts";
import type { PageContext } from "../item/context.ts";
import { titleOf } from "../item/words.ts";
import { whyLines } from "./why.ts";

export interface CardEvents {
  readonly save: (card: HTMLElement) => void;
  readonly hide: (card: HTMLElement) => void;
  readonly nameOf: (id: string) => string;
}

export function feedCard(entry: FeedItem, page: PageContext, events: CardEvents): HTMLLIElement {
  const title = titleOf(entry.item);
  const action = (name: string, words: string) =>
    element(
      "button",
      { type: "button", class: `feed-${name}` },
      element("span", { class: "feed-word" }, words),
      element("span", { class: "unseen" }, `: ${title}`),
    );
  const save = action("save", "Save");
  const hide = action("hide", "Hide");
  const why = action("why", "Why");
  const note = element("div", { class: "feed-reason", hidden: "" });
  why.setAttribute("aria-expanded", "false");
  why.addEventListener("click", () => {
    note.hidden = !note.hidden;
    why.setAttribute("aria-expanded", String(!note.hidden));
    if (!note.hidden) note.replaceChildren(...whyLines(entry, events.nameOf));
  });
  const actions = element("div", { class: "feed-actions" }, save, hide, why);
  const card = itemCard(entry.item, page, [actions, note]);
  card.classList.add("feed-card");
  save.addEventListener("click", () => events.save(card));
  hide.addEventListener("click", () => events.hide(card));
  return card;
}

/** What can be seen of an action; undefined takes it back. */
export function markCard(card: HTMLElement, done: "saved" | "hidden" | undefined): void {
  const save = card.querySelector<HTMLButtonElement>(".feed-save")!;
  const hide = card.querySelector<HTMLButtonElement>(".feed-hide")!;
  card.classList.toggle("is-saved", done === "saved");
  card.classList.toggle("is-hidden", done === "hidden");
  save.setAttribute("aria-pressed", String(done === "saved"));
  hide.setAttribute("aria-pressed", String(done === "hidden"));
  save.querySelector(".feed-word")!.textContent = done === "saved" ? "Saved" : "Save";
  hide.querySelector(".feed-word")!.textContent = done === "hidden" ? "Hidden" : "Hide";
}
