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

/** How well a result fits words, or words and a picture: beside the best, since such cosines have no calibration. */
export function fitNote({ score, explanation }: SearchResult, best: number, explained: boolean): HTMLElement {
  const bar = element("span", { class: "closeness-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(best > 0 ? Math.max(0, Math.min(1, score / best)) : 0));
  const figure = element("span", { class: "closeness-word", title: `Cosine ${score.toFixed(4)}` });
  figure.textContent = score.toFixed(2);
  const note = element("div", { class: "closeness" }, bar, figure);
  if (explained) note.append(element("ul", { class: "explanation-lines" }, ...linesOf(score, explanation)));
  return note;
}

const PARTS = { text: "Words", image: "Picture", item: "Item", vector: "Vector" } as const;

function linesOf(score: number, explanation: SearchResult["explanation"]): HTMLElement[] {
  const { hamming, hammingRank, compared, parts = [] } = explanation ?? {};
  const lines = [`Cosine ${score.toFixed(4)}`];
  for (const { part, unlike, cosine } of parts) {
    const name = unlike === undefined ? PARTS[part] : `Not ${unlike + 1}`;
    lines.push(`${name}: ${cosine.toFixed(4)}`);
  }
  if (hamming !== undefined) lines.push(`${256 - hamming} of 256 signs agree`);
  if (hammingRank !== undefined) lines.push(`Number ${hammingRank} by signs alone`);
  if (compared !== undefined) lines.push(`${compared} compared exactly`);
  return lines.map((line) => element("li", {}, line));
}
