/** An item in the catalogue's list or grid. */
import type { Item } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";
import { openAddress } from "../item/card.ts";
import type { PageContext } from "../item/context.ts";
import { itemPicture } from "../item/picture.ts";
import { stateBadge, stateReason } from "../item/state-badge.ts";
import { priceText, titleOf } from "../item/words.ts";

export interface EntryEvents {
  readonly retry: (item: Item) => void;
  readonly remove: (item: Item) => void;
}

export function entryOf(item: Item, page: PageContext, { retry, remove }: EntryEvents): HTMLLIElement {
  const title = titleOf(item);
  const { category, price } = item;
  const reason = stateReason(item);
  const facts = [category, price === undefined ? undefined : priceText(price)].filter(Boolean).join(" · ");
  const entry = element(
    "li",
    { class: "entry", "data-id": item.id, "data-state": item.state.status },
    element(
      "a",
      { class: "entry-link", href: openAddress(item.id, page) },
      element("span", { class: "entry-face" }, itemPicture(item, page.api)),
      element("span", { class: "entry-title" }, title),
    ),
    element("p", { class: "entry-facts" }, facts),
    element("p", { class: "entry-state" }, stateBadge(item)),
  );
  if (reason !== undefined) entry.append(element("p", { class: "reason" }, reason));
  const actions = element("p", { class: "entry-actions" });
  if (item.state.status === "failed") actions.append(action("Retry", title, () => retry(item)));
  actions.append(action("Delete", title, () => remove(item)));
  entry.append(actions);
  return entry;
}

function action(name: string, title: string, act: () => void): HTMLButtonElement {
  const button = element("button", { type: "button", "aria-label": `${name}: ${title}` }, name);
  button.addEventListener("click", act);
  return button;
}
