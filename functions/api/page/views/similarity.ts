/** The tag on the thread with the result, and the section that says what the number means. */
import type { Comparison } from "../compare.ts";
import { element, part } from "../dom.ts";
import { type Calibration, degrees, interpret } from "../interpretation.ts";
import { signed } from "./cells.ts";
import { ruler } from "./ruler.ts";

/** Fills the tag. Returns what it says, as one sentence for screen readers. */
export function showTag(
  tag: HTMLElement,
  { cosine, hamming, equalBits, contributions }: Comparison,
  calibration: Calibration | undefined,
): string {
  const { verdict } = interpret(cosine, calibration);
  const bits = contributions.length;
  part(tag, "cosine").textContent = minus(cosine.toFixed(3));
  part(tag, "hamming").textContent = `${equalBits} of ${bits} bits agree`;
  part(tag, "hamming-share").textContent = hamming.toFixed(3);
  part(tag, "verdict").textContent = verdict;
  return `Cosine similarity ${cosine.toFixed(3)}. ${equalBits} of ${bits} bits agree. ${verdict}.`;
}

/** The ruler with the explanation below it. */
export function meaning(
  comparison: Comparison,
  calibration: Calibration | undefined,
): readonly HTMLElement[] {
  const { cosine } = comparison;
  return [
    ruler(cosine, calibration),
    element(
      "p",
      { class: "explanation" },
      element("b", {}, `${signed(cosine, 3)}, an angle of ${degrees(cosine)}°. `),
      interpret(cosine, calibration).explanation,
    ),
  ];
}

const minus = (text: string): string => text.replace("-", "−");
