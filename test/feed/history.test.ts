import { describe, expect, it } from "vitest";
import { likedActions, tokensOf } from "../../src/feed/history.ts";
import { MOMENT_MS } from "../../src/feed/limits.ts";
import type { KeptAction } from "../../src/people/feed-memory.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");

/** An action so many milliseconds ago. */
const ago = (ms: number, item: string, action: KeptAction["action"], more: Partial<KeptAction> = {}) => ({
  ...{ item, action, at: NOW - ms },
  ...more,
});

const shortly = (actions: readonly KeptAction[], limit = 10) =>
  tokensOf(actions, NOW, limit).map(({ item, actions: done, at, surface }) => [
    item,
    [...done].join(""),
    NOW - at,
    surface,
  ]);

describe("tokens of a history", () => {
  it("lie between 1970 and now, whatever the clock of the sender says", () => {
    const actions = [ago(-60_000, "a", "click"), ago(NOW + 5_000, "b", "save")];
    expect(tokensOf(actions, NOW, 10).map(({ item, at }) => [item, at])).toEqual([
      ["b", 0],
      ["a", NOW],
    ]);
  });

  it("have all actions on an item in one slate, however far apart", () => {
    const tokens = shortly([
      ago(1_000, "a", "purchase", { slate: "s-1" }),
      ago(MOMENT_MS * 3, "a", "click", { slate: "s-1", surface: "feed" }),
    ]);
    expect(tokens).toEqual([["a", "10001", 1_000, "feed"]]);
  });

  it("have actions without a slate together when they are of one moment", () => {
    const tokens = shortly([
      ago(0, "a", "save"),
      ago(MOMENT_MS, "a", "click"),
      ago(MOMENT_MS + 1, "a", "closeup"),
      ago(MOMENT_MS + 2, "b", "hide"),
    ]);
    expect(tokens).toEqual([
      ["b", "00010", MOMENT_MS + 2, ""],
      ["a", "01000", MOMENT_MS + 1, ""],
      ["a", "10100", 0, ""],
    ]);
  });

  it("of two slates are two, and no action without a slate joins one", () => {
    const tokens = shortly([
      ago(1, "a", "click", { slate: "s-2" }),
      ago(2, "a", "click", { slate: "s-1" }),
      ago(3, "a", "save"),
    ]);
    expect(tokens.map(([, done]) => done)).toEqual(["00100", "10000", "10000"]);
  });

  it("are the latest, oldest first, and none is later than now", () => {
    const actions = [ago(-60_000, "c", "click"), ago(5, "b", "click"), ago(10, "a", "click")];
    expect(shortly(actions, 2)).toEqual([
      ["b", "10000", 5, ""],
      ["c", "10000", 0, ""],
    ]);
    expect(tokensOf([], NOW, 10)).toEqual([]);
  });
});

describe("liked actions", () => {
  it("are those on items that were not hidden since", () => {
    const actions = [
      ago(1, "a", "save"),
      ago(2, "a", "hide"),
      ago(3, "a", "click"),
      ago(4, "b", "hide"),
      ago(4, "b", "click"),
      ago(5, "c", "purchase"),
    ];
    expect(likedActions(actions).map(({ item, action }) => `${item} ${action}`)).toEqual([
      "a save",
      "c purchase",
    ]);
  });
});
