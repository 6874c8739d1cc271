/** Why an item hangs in the feed, in words. */

import type { FeedItem, FeedWhy } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";

const SCORES = [
  ["save", "save it"],
  ["closeup", "look closer"],
  ["click", "go to it"],
  ["purchase", "buy it"],
  ["hide", "hide it"],
] as const;

/** @param nameOf what people call an item */
export function whyLines({ why, scores }: FeedItem, nameOf: (id: string) => string): HTMLElement[] {
  if (why === undefined) return [element("p", {}, "Nothing was said about it.")];
  const chances = SCORES.flatMap(([action, words]) => {
    const chance = scores?.[action];
    return chance === undefined ? [] : [element("li", {}, `${percent(chance)} that you ${words}`)];
  });
  const words = element("p", {}, reason(why, nameOf));
  return chances.length === 0 ? [words] : [words, element("ul", {}, ...chances)];
}

function reason({ path, rank, interest, similarity, seenAt }: FeedWhy, nameOf: (id: string) => string) {
  const place = `Number ${rank} of its page`;
  if (seenAt !== undefined) return `${place}. You have seen it before: nothing new is left.`;
  if (interest !== undefined) {
    const like = similarity === undefined ? "" : ` (cosine ${similarity.toFixed(2)})`;
    return `${place}, by your interest in ${nameOf(interest.medoid)}${like}. That interest is ${percent(interest.importance)} of all.`;
  }
  if (path === "origin") return `${place}, chosen by everything you did, in its order.`;
  return `${place}: popular or new, and of another kind than its neighbours.`;
}

/** `0.034` → `3 %`; what is little is not nothing. */
export function percent(share: number): string {
  const rounded = Math.round(100 * share);
  return rounded === 0 && share > 0 ? "under 1 %" : `${rounded} %`;
}
