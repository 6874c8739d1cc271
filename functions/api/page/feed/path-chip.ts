/** Which way a feed took, and what that means: on hover, on tap, by keyboard. */
import { element } from "../dom.ts";
import type { FeedPage, FeedPath } from "./feed-page.ts";

const MEANINGS: Readonly<Record<FeedPath, string>> = {
  origin: "The GPU origin did all of it: it read the history, looked for candidates and ranked them.",
  edge: "The edge did it by itself: interests and the last action found candidates, and a small model ordered them.",
  cold: "Nothing is known yet, so these are popular and new items of many kinds. No model was asked.",
};

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

export function showPath(chip: HTMLDetailsElement, { path, explain }: FeedPage): void {
  const summary = chip.querySelector("summary")!;
  summary.replaceChildren(element("span", { class: "unseen" }, "Where this feed comes from: "), path);
  chip.dataset.path = path;
  chip.hidden = false;
  chip.querySelector(".path-note")!.replaceChildren(...explanation(path, explain));
}

function explanation(path: FeedPath, explain: FeedPage["explain"]): HTMLElement[] {
  const lines = [MEANINGS[path]];
  if (path !== "origin" && explain?.reason !== undefined) {
    lines.push(REASONS[explain.reason] ?? `The origin did not answer: ${explain.reason}.`);
  }
  if (explain?.ranker !== undefined) {
    lines.push(`The small model was missing (${explain.ranker}), so likeness alone gave the order.`);
  }
  if (explain?.breaker === "open")
    lines.push("The origin failed several times and is left alone for a while.");
  if (explain && explain.candidates > 0) lines.push(`${explain.candidates} candidates were looked at.`);
  return lines.map((line) => element("p", {}, line));
}
