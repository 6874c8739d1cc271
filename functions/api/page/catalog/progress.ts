/** How far the catalogue is: counts by state, as a bar and in words. */
import type { ItemStatus, Overview, RoleProgress } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";

const STATES: readonly ItemStatus[] = ["embedded", "pending", "failed"];

const COUNT = new Intl.NumberFormat();

export function progressPanel({ items, states, nearDuplicates, roles }: Overview): HTMLElement {
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
  for (const { model, next } of inRoles(roles)) {
    if (!next) continue;
    const done = `${COUNT.format(next.states.embedded)} of ${COUNT.format(items)}`;
    const [name] = next.model.split("@");
    const title = `${next.model}: until it is complete, ${model} answers`;
    counts.push(
      element("li", { title }, `new vectors of ${name} `, element("b", { "data-count": "next" }, done)),
    );
  }
  const total = element(
    "p",
    { class: "progress-total" },
    element("b", {}, COUNT.format(items)),
    items === 1 ? " item" : " items",
  );
  return element("div", { class: "progress" }, total, bar, element("ul", { class: "counts" }, ...counts));
}

/** Whether anything will look otherwise soon. */
export function isMoving({ states, roles }: Overview): boolean {
  return states.pending > 0 || inRoles(roles).some(({ next }) => (next?.states.pending ?? 0) > 0);
}

function inRoles({ picture, look, item }: Overview["roles"]): RoleProgress[] {
  return [picture, look, item].filter((role) => role !== undefined);
}

/** One line for other views while items wait; nothing when all are done. */
export function waitingLine({ items, states: { pending, embedded } }: Overview): string {
  if (pending === 0) return "";
  return `${COUNT.format(embedded)} of ${COUNT.format(items)} pictures can be found; the others are being embedded.`;
}
