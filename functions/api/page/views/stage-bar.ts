/** Where the time went: one bar, a piece for each stage, with its milliseconds beside its name. */
import { element } from "../dom.ts";
import type { Stage } from "../encode/encoding.ts";

/** Stages by the names that encoders and the API give them: in words, and with their shade in the style sheet. */
const KNOWN: Readonly<Record<string, { readonly words: string; readonly shade: number }>> = {
  hash: { words: "hash", shade: 0 },
  lookup: { words: "look-up", shade: 1 },
  load: { words: "load model", shade: 1 },
  read: { words: "read", shade: 1 },
  decode: { words: "decode", shade: 2 },
  resize: { words: "resize", shade: 3 },
  infer: { words: "model", shade: 4 },
  detect: { words: "find objects", shade: 4 },
  embed: { words: "embed", shade: 3 },
  search: { words: "search", shade: 2 },
  wait: { words: "wait", shade: 5 },
  store: { words: "store", shade: 0 },
  network: { words: "network", shade: 5 },
};

/** Shorter stages round to nothing and are left out, in ms. */
const SHORTEST = 0.05;

/** Pieces below this share of the bar would be invisible. */
const SMALLEST_PIECE = 1 / 200;

export function stageBar(stages: readonly Stage[]): HTMLElement {
  const merged = mergeStages(stages);
  const total = merged.reduce((sum, stage) => sum + stage.ms, 0);
  const bar = element("div", { class: "stage-bar", "aria-hidden": "true" });
  const list = element("ol", { class: "stage-list" });
  for (const { name, ms } of merged) {
    const { words, shade } = KNOWN[name] ?? { words: name, shade: 5 };
    const piece = element("span", { class: `shade-${shade}` });
    piece.style.flexGrow = String(Math.max(ms, total * SMALLEST_PIECE));
    bar.append(piece);
    const swatch = element("span", { class: `swatch shade-${shade}`, "aria-hidden": "true" });
    list.append(element("li", {}, swatch, `${words} `, element("b", {}, milliseconds(ms))));
  }
  const heading = element("p", { class: "stage-total" }, "Time ", element("b", {}, milliseconds(total)));
  return element("div", { class: "stages" }, heading, bar, list);
}

/** One entry a name, in order of appearance: the page and the server both hash, for instance. */
export function mergeStages(stages: readonly Stage[]): Stage[] {
  const spent = new Map<string, number>();
  for (const { name, ms } of stages) spent.set(name, (spent.get(name) ?? 0) + ms);
  return [...spent].map(([name, ms]) => ({ name, ms })).filter(({ ms }) => ms >= SHORTEST);
}

/** `0.4 ms`, `38 ms`, `1.62 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
