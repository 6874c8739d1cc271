/** Products as prints on the board, with how close they are. */
import { element } from "../dom.ts";
import { calibrationOf } from "../interpretation.ts";
import { itemCard } from "../item/card.ts";
import type { PageContext } from "../item/context.ts";
import { Masonry } from "../item/masonry.ts";
import { listModels } from "../model.ts";
import { closenessNote } from "../search/closeness.ts";
import type { Product } from "./scene-calls.ts";

/** The default model's calibration: the catalogue is embedded with it. */
const calibration = listModels().then(
  ([model]) => model && calibrationOf(model.manifest),
  () => undefined,
);

/** A list of products that look like something, the most alike first. */
export async function similarProducts(products: readonly Product[], page: PageContext): Promise<HTMLElement> {
  const known = await calibration;
  return masonry(
    products.map((product) => itemCard(product.item, page, [closenessNote(product, known, false)])),
  );
}

/** A list of products that go with something, the best first. */
export function fittingProducts(products: readonly Product[], page: PageContext): HTMLElement {
  return masonry(products.map((product) => itemCard(product.item, page, [fitNote(product.score)])));
}

function masonry(cards: readonly HTMLElement[]): HTMLElement {
  const list = element("ul", { class: "masonry" });
  new Masonry(list).replace(cards);
  return list;
}

/** How well it goes with the look: 1 − half the distance of the paper, from −1 to 1. */
function fitNote(score: number): HTMLElement {
  const bar = element("span", { class: "closeness-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(Math.max(0, Math.min(1, score))));
  return element(
    "div",
    { class: "closeness" },
    bar,
    element(
      "span",
      { class: "closeness-word", title: `Compatibility ${score.toFixed(4)}` },
      `fits ${score.toFixed(2)}`,
    ),
  );
}
