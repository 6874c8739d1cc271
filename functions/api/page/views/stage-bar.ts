/** Where the time went: one bar, a piece for each stage, with its milliseconds beside its name. */
import { element } from "../dom.ts";
import type { Stage } from "../encode/encoding.ts";

/** Stages by the names that encoders and the API give them, in words. Others keep their own name. */
const WORDS: Readonly<Record<string, string>> = {
  hash: "hash",
  lookup: "look-up",
  cache: "cache",
  edge: "edge cache",
  store: "store",
  load: "load model",
  decode: "decode",
  resize: "resize",
  infer: "model",
  inference: "model",
  network: "network",
};

/** Shades that follow one another in the bar; the style sheet knows as many. */
const SHADES = 6;

export function stageBar(stages: readonly Stage[]): HTMLElement {
  const total = stages.reduce((sum, stage) => sum + stage.ms, 0);
  const bar = element("div", { class: "stage-bar", "aria-hidden": "true" });
  const list = element("ol", { class: "stage-list" });
  for (const [index, { name, ms }] of stages.entries()) {
    const piece = element("span", { class: `shade-${index % SHADES}` });
    piece.style.flexGrow = String(Math.max(ms, total / 200));
    bar.append(piece);
    list.append(
      element(
        "li",
        {},
        element("span", { class: `swatch shade-${index % SHADES}`, "aria-hidden": "true" }),
        `${WORDS[name] ?? name} `,
        element("b", {}, milliseconds(ms)),
      ),
    );
  }
  const heading = element("p", { class: "stage-total" }, "Time ", element("b", {}, milliseconds(total)));
  return element("div", { class: "stages" }, heading, bar, list);
}

/** `0.4 ms`, `38 ms`, `1.62 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
