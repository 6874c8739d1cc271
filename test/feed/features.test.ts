import { describe, expect, it } from "vitest";
import { Random } from "../../src/demo/random.ts";
import type { FeedAction } from "../../src/feed/actions.ts";
import {
  COUNTED_ACTIONS,
  FEATURES,
  featuresOf,
  HIDDEN_ITEMS,
  type RankingCandidate,
  type RankingContext,
  RECENT_ACTIONS,
} from "../../src/feed/features.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 9);

const unit = (...values: number[]) => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};
const [east, north] = [unit(1, 0), unit(0, 1)];
const action = (vector: Float32Array, name: FeedAction = "click", hoursAgo = 1) => ({
  ...{ vector, action: name },
  at: NOW - hoursAgo * HOUR,
});
const candidate = (vector: Float32Array, similarity = 0, interest = -1): RankingCandidate => ({
  ...{ vector, similarity, interest },
});
const nobody: RankingContext = { interests: [], actions: [], now: NOW };

/** The features of one candidate, by name. */
function named(one: RankingCandidate, context: Partial<RankingContext>) {
  const row = featuresOf([one], { ...nobody, ...context });
  return Object.fromEntries(FEATURES.map((name, at) => [name, row[at]!]));
}

describe("features of a candidate", () => {
  it("are similarities to interests and actions, by what these say", () => {
    const interests = [
      { vector: east, importance: 3 },
      { vector: north, importance: 1 },
    ];
    const actions = [action(unit(1, 1), "click"), action(north, "save", 2), action(east, "hide", 3)];
    const features = named(candidate(east, 0.9, 1), { interests, actions });
    const half = Math.SQRT1_2;
    for (const [name, value] of Object.entries({
      interest_similarity: 0,
      interest_importance: 0.25,
      nearest_interest_similarity: 1,
      interests_similarity: 0.75,
      latest_similarity: half,
      recent_similarity: half,
      kept_similarity: 0,
      hidden_similarity: 1,
      retrieval_similarity: 0.9,
      log_actions: Math.log(3),
      log_hours: Math.log(2),
    })) {
      expect(features[name], name).toBeCloseTo(value, 6);
    }
    expect(Object.keys(features)).toHaveLength(11);
  });

  it("count 0 where nothing is known", () => {
    expect([...featuresOf([candidate(east)], nobody)]).toEqual(FEATURES.map(() => 0));
    expect(featuresOf([], nobody)).toHaveLength(0);
  });

  it("see the last ten actions, twenty hidden items and no more actions than they count", () => {
    const far = Array.from({ length: RECENT_ACTIONS }, () => action(north));
    const old = action(east, "click", 9);
    expect(named(candidate(east), { actions: [...far, old] }).recent_similarity).toBe(0);
    expect(named(candidate(east), { actions: [...far.slice(1), old] }).recent_similarity).toBe(1);
    const hidden = Array.from({ length: HIDDEN_ITEMS }, () => action(north, "hide"));
    const actions = [...hidden, action(east, "hide", 9)];
    expect(named(candidate(east), { actions }).hidden_similarity).toBe(0);
    expect(named(candidate(east), { actions: actions.slice(1) }).hidden_similarity).toBe(1);
    const many = Array.from({ length: COUNTED_ACTIONS + 5 }, () => action(north));
    expect(named(candidate(east), { actions: many }).log_actions).toBeCloseTo(Math.log1p(COUNTED_ACTIONS), 5);
  });

  it("take an action in the future for one of this moment", () => {
    expect(named(candidate(east), { actions: [action(east, "click", -5)] }).log_hours).toBe(0);
  });

  it("depend on nothing but the candidate itself and the context", () => {
    const random = new Random(7);
    const vector = () => unit(...Array.from({ length: 8 }, () => random.next() - 0.5));
    const context: RankingContext = {
      interests: [1, 2, 3].map((importance) => ({ vector: vector(), importance })),
      actions: (["save", "hide", "click", "purchase"] as const).map((name, at) => action(vector(), name, at)),
      now: NOW,
    };
    const many = Array.from({ length: 20 }, (_, at) => candidate(vector(), 0.1 * at, (at % 4) - 1));
    const together = featuresOf(many, context);
    for (const [at, one] of many.entries()) {
      const row = together.subarray(at * FEATURES.length, (at + 1) * FEATURES.length);
      expect([...featuresOf([one], context)]).toEqual([...row]);
      expect(row.every((value) => Number.isFinite(value))).toBe(true);
    }
  });

  it("are refused for vectors of two lengths, and for an interest that is not there", () => {
    const wide = unit(1, 0, 0);
    expect(() => featuresOf([candidate(east), candidate(wide)], nobody)).toThrow(RangeError);
    expect(() => featuresOf([candidate(east)], { ...nobody, actions: [action(wide)] })).toThrow(RangeError);
    expect(() => featuresOf([candidate(east, 0, 0)], nobody)).toThrow("no interest 0");
    expect(() => featuresOf([candidate(east, 0, -2)], nobody)).toThrow("no interest -2");
  });
});
