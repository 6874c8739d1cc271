/** An item as a print on the board. */
import type { Item } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";
import { formatRoute, withParams } from "../route.ts";
import { NO_WISH } from "../search/wish.ts";
import type { PageContext } from "./context.ts";
import { itemPicture } from "./picture.ts";
import { priceText, titleOf } from "./words.ts";

/** Address of the item's dialog over the view that is open. */
export function openAddress(id: string, { router }: PageContext): string {
  const { view, params } = router.route;
  return formatRoute({ view, params: withParams(params, { open: id }) });
}

/** Address of the search for what looks like the item; filters stay. */
export function likeAddress(id: string, { router }: PageContext): string {
  const { view, params } = router.route;
  const kept = view === "search" ? params : new URLSearchParams();
  const changes = { ...NO_WISH, like: id, open: undefined, crop: undefined, picture: undefined };
  return formatRoute({ view: "search", params: withParams(kept, changes) });
}

/**
 * @param notes what is known of it here: how close it is, how it was found
 * @param actions what can be done with it here, beside looking for more like it
 */
export function itemCard(
  item: Item,
  page: PageContext,
  notes: readonly Node[] = [],
  actions: readonly Node[] = [],
): HTMLLIElement {
  const title = titleOf(item);
  const open = element(
    "a",
    { class: "print-link", href: openAddress(item.id, page) },
    element("span", { class: "print-face" }, itemPicture(item, page.api)),
    element("span", { class: "print-title" }, title),
  );
  const facts = [item.category, item.price === undefined ? undefined : priceText(item.price)];
  const more = element(
    "a",
    { class: "more-like", href: likeAddress(item.id, page) },
    "More like this",
    element("span", { class: "unseen" }, `: ${title}`),
  );
  const paper = element(
    "article",
    { class: "paper" },
    open,
    element("p", { class: "print-facts" }, facts.filter((fact) => fact !== undefined).join(" · ")),
    ...notes,
    element("p", { class: "print-actions" }, more, ...actions),
  );
  return element("li", { class: "pinned", "data-id": item.id }, paper);
}

/** A sheet that waits for its picture. */
export function skeletonCard(): HTMLLIElement {
  const paper = element("div", { class: "paper" }, element("span", { class: "print-face blank" }));
  return element("li", { class: "pinned skeleton", "aria-hidden": "true" }, paper);
}
