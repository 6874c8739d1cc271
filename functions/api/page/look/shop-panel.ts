/** Shopping a look: the chosen thing, and products that look like it. */
import { element } from "../dom.ts";
import type { PageContext } from "../item/context.ts";
import { isDrawing } from "../item/words.ts";
import { similarProducts } from "./cards.ts";
import type { Choices } from "./choices.ts";
import { nameOf, percent } from "./hotspots.ts";
import type { Panel } from "./panel.ts";
import type { Shopped } from "./scene-calls.ts";
import { noProducts, nothingSeen } from "./slips.ts";

export interface ShopPanelOptions {
  readonly page: PageContext;
  readonly known: readonly string[];
  readonly change: (changes: Partial<Choices>) => void;
}

/** Number of the object that is shown: the chosen one, or the most certain where there are not so many. */
export function shownObject({ objects }: Shopped, { object }: Choices): number {
  return object < objects.length ? object : 0;
}

export async function showShopped(
  panel: Panel,
  shopped: Shopped,
  choices: Choices,
  { page, known, change }: ShopPanelOptions,
): Promise<void> {
  const { objects } = shopped;
  const index = shownObject(shopped, choices);
  const object = objects[index];
  if (!object) {
    panel.title = "Nothing seen";
    panel.certainty = "";
    const all = choices.categories && (() => change({ categories: undefined }));
    panel.notice(nothingSeen(known, all));
    return;
  }
  const name = nameOf(objects, index);
  panel.title = `Like the ${name}`;
  panel.certainty = `${percent(object.score)} certain · ${index + 1} of ${objects.length}`;
  const { products } = object;
  if (products.length === 0) {
    panel.notice(noProducts(object.category, choices.gate ? () => change({ gate: false }) : undefined));
    page.announce(`No products for the ${name}`);
    return;
  }
  const list = await similarProducts(products, page);
  list.setAttribute("aria-label", `Products like the ${name}`);
  panel.show(list);
  if (products.some(({ item }) => isDrawing(item))) {
    panel.add(element("p", { class: "aside" }, "Drawings: products that the showroom makes up."));
  }
  page.announce(`${products.length} products like the ${name}`);
}
