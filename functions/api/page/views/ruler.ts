/** A ruler from −1 to 1 with the measured ranges of known pairs and the pair at hand. */
import { element } from "../dom.ts";
import type { Calibration } from "../interpretation.ts";

const TICKS = [-1, -0.5, 0, 0.5, 1] as const;

/** @param cosine position of the pointer, −1…1 */
export function ruler(cosine: number, calibration: Calibration | undefined): HTMLElement {
  const scale = element("div", { class: "ruler", "aria-hidden": "true" });
  const key = element("p", { class: "ruler-key" });
  if (calibration !== undefined) {
    const { unrelated, same } = calibration;
    scale.append(band("unrelated", unrelated.p05, unrelated.p95), band("same", same.p05, same.p95));
    key.append(
      ...keyOf("unrelated", "unrelated pairs", unrelated.p05, unrelated.p95),
      ...keyOf("same", "pairs of the same thing", same.p05, same.p95),
      element("span", {}, "9 in 10 test pairs lie in each."),
    );
  }
  for (const tick of TICKS) {
    const mark = element("span", { class: "tick" }, number(tick, Number.isInteger(tick) ? 0 : 1));
    mark.style.left = percent(tick);
    scale.append(mark);
  }
  const pointer = element("span", { class: "pointer" });
  pointer.style.left = percent(cosine);
  scale.append(pointer);
  return element("div", { class: "ruler-frame" }, scale, key);
}

function band(kind: string, from: number, to: number): HTMLElement {
  const strip = element("span", { class: `band ${kind}` });
  strip.style.left = percent(from);
  strip.style.width = `${((to - from) / 2) * 100}%`;
  return strip;
}

function keyOf(kind: string, words: string, from: number, to: number): readonly (Node | string)[] {
  const swatch = element("span", { class: `swatch ${kind}`, "aria-hidden": "true" });
  return [element("span", { class: "key" }, swatch, `${words}: ${number(from, 2)} to ${number(to, 2)}`), " "];
}

const percent = (cosine: number): string => `${((cosine + 1) / 2) * 100}%`;

const number = (value: number, digits: number): string => value.toFixed(digits).replace("-", "−");
