/** What comes again once nothing new is left: what was shown before this feed began, the longest ago first. */
import type { ShownItem } from "../people/feed-memory.ts";
import type { Candidate, FeedContext } from "./candidate.ts";
import { AGAIN_CANDIDATES, FEED_OVERFETCH } from "./limits.ts";

/** All that may come again, the longest ago first. */
export function shownBefore({ state, started, excluded }: FeedContext): ShownItem[] {
  return state.shown.filter(({ item, at }) => at < started && !excluded.has(item));
}

/** What a page is ranked from: the half that was shown the longest ago, and at least what it takes to fill the page. */
export function longestAgo(context: FeedContext, wanted: number): ShownItem[] {
  const shown = shownBefore(context);
  const half = Math.max(Math.ceil(shown.length / 2), wanted * FEED_OVERFETCH);
  return shown.slice(0, Math.min(half, AGAIN_CANDIDATES));
}

/** Without ranking: for people of whom nothing is known, and for items that have no vector. */
export function unranked(context: FeedContext): Candidate[] {
  return shownBefore(context).map(({ item, at }) => ({ id: item, path: "cold", shownAt: at }));
}
