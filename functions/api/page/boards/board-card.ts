/** A board as a card: the pictures of its newest items, its name and how much is on it. */
import type { Board } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";
import type { PageContext } from "../item/context.ts";
import { itemPicture } from "../item/picture.ts";
import { formatRoute } from "../route.ts";

/** Pictures of a cover. */
const TILES = 4;

export function boardAddress(id: string): string {
  return formatRoute({ view: "boards", params: new URLSearchParams({ board: id }) });
}

export function boardCard({ id, title, items, cover }: Board, page: PageContext): HTMLLIElement {
  return element(
    "li",
    { class: "board-card", "data-board": id },
    element(
      "a",
      { href: boardAddress(id) },
      mosaic(cover, page),
      element("span", { class: "print-title" }, title),
      element("span", { class: "print-facts" }, countText(items)),
    ),
  );
}

/** The cover's pictures; what they show is on the board. */
export function mosaic(cover: Board["cover"], { api }: Pick<PageContext, "api">): HTMLElement {
  const tiles = cover.map(({ id, title, href }) => {
    const image = href === undefined ? {} : { href, sha256: href.split("/").at(-1) };
    const picture = itemPicture({ id, title, image }, api);
    if (picture instanceof HTMLImageElement) picture.alt = "";
    return picture;
  });
  const blanks = Array.from({ length: TILES - tiles.length }, () => element("span", { class: "tile" }));
  return element("span", { class: "mosaic", "aria-hidden": "true" }, ...tiles, ...blanks);
}

export function countText(items: number): string {
  return items === 1 ? "1 item" : `${items.toLocaleString("en")} items`;
}
