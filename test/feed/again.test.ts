/** Which of the items that were shown before come into question again. */
import { describe, expect, it } from "vitest";
import { longestAgo, shownBefore, unranked } from "../../src/feed/again.ts";
import type { FeedContext } from "../../src/feed/candidate.ts";
import { AGAIN_CANDIDATES, FEED_OVERFETCH } from "../../src/feed/limits.ts";

const STARTED = 1_000_000;

/** Items shown one after the other before a feed began, `item-0` the longest ago; `later` were shown in it. */
function contextOf(count: number, { excluded = [] as string[], later = 0 } = {}): FeedContext {
  const shown = Array.from({ length: count + later }, (_, n) => ({
    item: `item-${n}`,
    at: n < count ? n : STARTED + n,
  }));
  const state = { now: STARTED + 1_000, actions: [], shown, hidden: [] };
  return { user: "u-1", surface: "feed", state, started: STARTED, excluded: new Set(excluded) };
}

const ids = (count: number) => Array.from({ length: count }, (_, n) => `item-${n}`);

describe("what may come again", () => {
  it("is what was shown before the feed began and is not excluded", () => {
    const shown = shownBefore(contextOf(4, { excluded: ["item-1"], later: 3 }));
    expect(shown.map(({ item }) => item)).toEqual(["item-0", "item-2", "item-3"]);
  });

  it("is ranked of the half that was shown the longest ago", () => {
    expect(longestAgo(contextOf(101), 10).map(({ item }) => item)).toEqual(ids(51));
  });

  it("is ranked of enough to fill the page, even if that is more than half", () => {
    expect(longestAgo(contextOf(30), 10)).toHaveLength(10 * FEED_OVERFETCH);
    expect(longestAgo(contextOf(7), 10)).toHaveLength(7);
    expect(longestAgo(contextOf(0), 10)).toEqual([]);
  });

  it(`is ranked of ${AGAIN_CANDIDATES} at most`, () => {
    expect(longestAgo(contextOf(5_000), 50).map(({ item }) => item)).toEqual(ids(AGAIN_CANDIDATES));
  });

  it("comes in the order of its last time where nothing ranks it", () => {
    expect(unranked(contextOf(4))).toEqual(
      [0, 1, 2, 3].map((n) => ({ id: `item-${n}`, path: "cold", shownAt: n })),
    );
  });
});
