/** How far the catalogue is: counts by state, as a bar and in words. */
import type { ItemStatus, Overview } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";

const STATES: readonly ItemStatus[] = ["embedded", "pending", "failed"];

const COUNT = new Intl.NumberFormat();

export function progressPanel({ items, states, nearDuplicates }: Overview): HTMLElement {
  const bar = element("div", { class: "progress-bar", "aria-hidden": "true" });
  for (const state of STATES) {
    if (states[state] === 0) continue;
    const piece = element("span", { class: state });
    piece.style.flexGrow = String(states[state]);
    bar.append(piece);
  }
  const counts = STATES.map((state) =>
    element(
      "li",
      {},
      element("span", { class: `state ${state}` }, state),
      " ",
      element("b", { "data-count": state }, COUNT.format(states[state])),
    ),
  );
  if (nearDuplicates !== null && nearDuplicates > 0) {
    const link = element(
      "a",
      { href: "#/catalog?show=duplicates" },
      `${COUNT.format(nearDuplicates)} near-duplicates`,
    );
    counts.push(element("li", {}, link));
  }
  const total = element(
    "p",
    { class: "progress-total" },
    element("b", {}, COUNT.format(items)),
    items === 1 ? " item" : " items",
  );
  return element("div", { class: "progress" }, total, bar, element("ul", { class: "counts" }, ...counts));
}

/** One line for other views while items wait; nothing when all are done. */
export function waitingLine({ items, states: { pending, embedded } }: Overview): string {
  if (pending === 0) return "";
  return `${COUNT.format(embedded)} of ${COUNT.format(items)} pictures can be found; the others are being embedded.`;
}
