/** The numbers behind the agreement view, as a table that can be read and searched. */
import { type Comparison, type Embedding, strongest } from "../compare.ts";
import { element } from "../dom.ts";
import { signed } from "./cells.ts";

const ROWS = 6;

/** The dimensions that add most to the similarity and those that take most away. */
export function dimensionTable(a: Embedding, b: Embedding, { contributions }: Comparison): HTMLElement {
  const most = strongest(contributions, ROWS, (value) => value);
  const least = strongest(contributions, ROWS, (value) => -value).reverse();
  const head = ["Dimension", "A", "B", "adds"].map((text) => element("th", { scope: "col" }, text));
  const rows = [...new Set([...most, ...least])].map((index) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, String(index)),
      ...[a, b, contributions].map((values) => element("td", {}, signed(values[index]!, 3))),
    ),
  );
  return element(
    "details",
    { class: "numbers" },
    element("summary", {}, "The strongest dimensions as a table"),
    element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)),
  );
}
