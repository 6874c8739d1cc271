/** Which way a feed took, and what that means: on hover, on tap, by keyboard. */
import { element } from "../dom.ts";
import type { FeedPage } from "./feed-page.ts";

const MEANINGS = {
  origin: "The GPU origin did all of it: it read the history, looked for candidates and ranked them.",
  edge: "The edge did it by itself: interests and the last action found candidates.",
  cold: "No model was asked: these are popular, new and random items of many kinds. It is so for newcomers, and for those who have seen all that is near to them.",
} as const;

/** How the edge put them in order. */
const BY_MODEL = "A small model said what will be done with each, which gave the order.";
const BY_LIKENESS = "Likeness and the weight of the interest gave the order.";

/** Why the origin did not fill the page, by the code that the API gives. */
const REASONS: Readonly<Record<string, string>> = {
  "no-origin": "There is no origin here.",
  "no-history": "There are no actions for the origin to read yet.",
  "no-more": "The origin had nothing new left.",
};

export function pathChip(): HTMLDetailsElement {
  const chip = element(
    "details",
    { class: "path-chip" },
    element("summary"),
    element("div", { class: "path-note" }),
  );
  chip.hidden = true;
  // A tap opens it by itself; who has a mouse only points.
  chip.addEventListener("pointerenter", ({ pointerType }) => {
    if (pointerType === "mouse") chip.open = true;
  });
  chip.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType === "mouse") chip.open = false;
  });
  chip.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") chip.open = false;
  });
  return chip;
}

export function showPath(chip: HTMLDetailsElement, page: FeedPage): void {
  const { path } = page;
  const summary = chip.querySelector("summary")!;
  summary.replaceChildren(element("span", { class: "unseen" }, "Where this feed comes from: "), path);
  chip.dataset.path = path;
  chip.hidden = false;
  chip.querySelector(".path-note")!.replaceChildren(...explanation(page));
}

function explanation({ path, explain, items }: FeedPage): HTMLElement[] {
  const lines: string[] = [MEANINGS[path]];
  const ranked = items.some(({ scores }) => scores?.save !== undefined);
  if (path === "edge") lines.push(ranked ? BY_MODEL : BY_LIKENESS);
  if (path !== "origin" && explain?.reason !== undefined) {
    lines.push(REASONS[explain.reason] ?? `The origin did not answer: ${explain.reason}.`);
  }
  if (explain?.ranker !== undefined) {
    lines.push(`The small model was missing (${explain.ranker}).`);
  }
  if (explain?.breaker === "open")
    lines.push("The origin failed several times and is left alone for a while.");
  if (explain && explain.candidates > 0) lines.push(`${explain.candidates} candidates were looked at.`);
  return lines.map((line) => element("p", {}, line));
}
