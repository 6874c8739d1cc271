import { describe, expect, it } from "vitest";
import { Random } from "../../src/demo/random.ts";
import { interestsOf, medoidOf, sampleInterests } from "../../src/people/pinnersage.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 0, 1);

/** Points near axis `axis` of four, of unit length. */
function near(axis: number, tilt: number): number[] {
  const vector = [0, 0, 0, 0];
  vector[axis] = Math.cos(tilt);
  vector[(axis + 1) % 4] = Math.sin(tilt);
  return vector;
}

describe("interestsOf", () => {
  const vectors = Float32Array.from(
    [near(0, 0), near(0, 0.1), near(0, -0.2), near(2, 0), near(2, 0.1)].flat(),
  );

  it("finds as many interests as there are directions", () => {
    const actions = Array.from({ length: 5 }, () => ({ at: NOW }));
    const interests = interestsOf(vectors, 4, actions, { now: NOW, cut: 1 });
    expect(interests.map(({ members }) => members)).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect(interests.map(({ medoid }) => medoid)).toEqual([0, 3]);
    expect(interests.map(({ importance }) => importance)).toEqual([3, 2]);
  });

  it("lets old actions weigh e^(−λ·days), and some actions more than others", () => {
    const actions = [100, 100, 100, 0, 0].map((days) => ({ at: NOW - days * DAY_MS }));
    const [first, second] = interestsOf(vectors, 4, actions, { now: NOW, cut: 1, decay: 0.01 });
    expect(first!.members).toEqual([3, 4]);
    expect(second!.importance).toBeCloseTo(3 * Math.exp(-1), 12);
    const weighed = actions.map((action, index) => ({ ...action, weight: index < 3 ? 10 : 1 }));
    expect(interestsOf(vectors, 4, weighed, { now: NOW, cut: 1 })[0]!.members).toEqual([0, 1, 2]);
  });

  it("takes actions whose clock is ahead for new ones", () => {
    const actions = Array.from({ length: 5 }, () => ({ at: NOW + 400 * DAY_MS }));
    expect(interestsOf(vectors, 4, actions, { now: NOW, cut: 1 })[0]!.importance).toBe(3);
  });

  it("answers nothing for nobody, and refuses what does not fit", () => {
    expect(interestsOf(new Float32Array(0), 4, [])).toEqual([]);
    expect(() => interestsOf(vectors, 4, [{ at: NOW }])).toThrow(RangeError);
  });
});

describe("medoidOf", () => {
  it("is the member with the least sum of squared distances", () => {
    const random = new Random(3);
    for (let round = 0; round < 50; round++) {
      const count = random.integer(1, 20);
      const vectors = Float32Array.from({ length: count * 3 }, () => random.next());
      const members = Array.from({ length: count }, (_, index) => index);
      const cost = (one: number) =>
        members.reduce((sum, other) => {
          for (let at = 0; at < 3; at++) sum += (vectors[one * 3 + at]! - vectors[other * 3 + at]!) ** 2;
          return sum;
        }, 0);
      const least = Math.min(...members.map(cost));
      expect(cost(medoidOf(vectors, 3, members))).toBeCloseTo(least, 9);
    }
  });
});

describe("sampleInterests", () => {
  const interests = [8, 1, 1].map((importance, medoid) => ({ medoid, members: [medoid], importance }));

  it("draws in proportion to importance", () => {
    const random = new Random(5);
    const draws = 20_000;
    let first = 0;
    for (let draw = 0; draw < draws; draw++) {
      if (sampleInterests(interests, 1, () => random.next())[0]!.medoid === 0) first++;
    }
    expect(first / draws).toBeCloseTo(0.8, 1);
  });

  it("draws none twice, and all when there are fewer than asked for", () => {
    const random = new Random(6);
    const drawn = sampleInterests(interests, 5, () => random.next());
    expect(drawn.map(({ medoid }) => medoid).sort()).toEqual([0, 1, 2]);
  });
});
