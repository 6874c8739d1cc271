/** How close a result is: in words that the model's own measurements allow, as a bar, and to the digit. */
import type { SearchResult } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";
import { type Calibration, interpret } from "../interpretation.ts";

/** @param explained show the exact score and how it was found */
export function closenessNote(
  result: SearchResult,
  calibration: Calibration | undefined,
  explained: boolean,
): HTMLElement {
  const { score, explanation } = result;
  const verdict = interpret(Math.max(-1, Math.min(1, score)), calibration).verdict;
  const bar = element("span", { class: "closeness-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(Math.max(0, Math.min(1, score))));
  const note = element(
    "div",
    { class: "closeness" },
    bar,
    element("span", { class: "closeness-word", title: `Cosine ${score.toFixed(4)}` }, verdict),
  );
  if (explained) note.append(element("ul", { class: "explanation-lines" }, ...linesOf(score, explanation)));
  return note;
}

function linesOf(score: number, explanation: SearchResult["explanation"]): HTMLElement[] {
  const { hamming, hammingRank, compared } = explanation ?? {};
  const lines = [`Cosine ${score.toFixed(4)}`];
  if (hamming !== undefined) lines.push(`${256 - hamming} of 256 signs agree`);
  if (hammingRank !== undefined) lines.push(`Number ${hammingRank} by signs alone`);
  if (compared !== undefined) lines.push(`${compared} compared exactly`);
  return lines.map((line) => element("li", {}, line));
}
