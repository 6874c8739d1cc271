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
  const cosine = Math.max(-1, Math.min(1, result.score));
  return note(result, interpret(cosine, calibration).verdict, result.score, explained);
}

/** How well a result fits words, or words and a picture: beside the best, since such cosines have no calibration. */
export function fitNote(result: SearchResult, best: number, explained: boolean): HTMLElement {
  return note(result, result.score.toFixed(2), best > 0 ? result.score / best : 0, explained);
}

/** @param share length of the bar, 0 … 1 */
function note(
  { score, explanation }: SearchResult,
  word: string,
  share: number,
  explained: boolean,
): HTMLElement {
  const bar = element("span", { class: "closeness-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(Math.max(0, Math.min(1, share))));
  const figure = element("span", { class: "closeness-word", title: `Score ${score.toFixed(4)}` }, word);
  const lines = explained
    ? [element("ul", { class: "explanation-lines" }, ...linesOf(score, explanation))]
    : [];
  return element("div", { class: "closeness" }, bar, figure, ...lines);
}

function linesOf(score: number, explanation: SearchResult["explanation"]): HTMLElement[] {
  const { hamming, hammingRank, compared, words } = explanation ?? {};
  const lines = [`${words === undefined ? "Cosine" : "Score"} ${score.toFixed(4)}`];
  if (hamming !== undefined) lines.push(`${256 - hamming} of 256 signs agree`);
  if (words) lines.push(`Says ${Math.round(100 * words)} % of the words`);
  if (hammingRank !== undefined) lines.push(`Number ${hammingRank} by signs alone`);
  if (compared !== undefined) lines.push(`${compared} compared exactly`);
  return lines.map((line) => element("li", {}, line));
}
