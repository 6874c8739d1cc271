import { describe, expect, it } from "vitest";
import { Random } from "../../src/demo/random.ts";
import { BipartiteGraph } from "../../src/graph/bipartite-graph.ts";
import { allotSteps, pixieWalk, type WalkOptions } from "../../src/graph/pixie.ts";
import { pageRank, stepMatrix } from "./page-rank.ts";

/** Shares of the steps by item, of a walk from one. */
function shares(graph: BipartiteGraph, item: number, options: WalkOptions): number[] {
  const { items, scores, steps } = pixieWalk(graph, [{ item }], options);
  const all = new Array<number>(graph.itemCount).fill(0);
  for (const [at, one] of items.entries()) all[one] = scores[at]! / steps;
  return all;
}

/** Total variation distance of two distributions, 0 … 1. */
function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, share, at) => sum + Math.abs(share - b[at]!), 0) / 2;
}

function randomGraph(seed: number, items = 30, boards = 12): BipartiteGraph {
  const random = new Random(seed);
  const edges = { items: [] as number[], boards: [] as number[] };
  for (let item = 0; item < items; item++) {
    // Each item on one board at least, some on many.
    const first = random.integer(0, boards - 1);
    for (let board = 0; board < boards; board++) {
      if (board !== first && !random.chance(item / items / 2)) continue;
      edges.items.push(item);
      edges.boards.push(board);
    }
  }
  return new BipartiteGraph(items, boards, edges);
}

/** Two boards of three items that share item 2; item 5 is alone on a third, item 6 on none. */
const BRIDGE = new BipartiteGraph(7, 3, {
  items: [0, 1, 2, 2, 3, 4, 5],
  boards: [0, 0, 0, 1, 1, 1, 2],
});

describe("walks from one item", () => {
  it.each([
    [1, 0.5],
    [2, 0.5],
    [3, 0.15],
    [4, 0.85],
    [5, 1],
  ])("visit items as often as personalised PageRank says (graph %i, restart %f)", (seed, restart) => {
    const graph = randomGraph(seed);
    for (const query of [0, 14, 29]) {
      const exact = pageRank(stepMatrix(graph), query, restart);
      expect(exact.reduce((sum, share) => sum + share)).toBeCloseTo(1, 9);
      const walked = shares(graph, query, { seed, steps: 400_000, restart });
      expect(distance(walked, exact)).toBeLessThan(0.01);
    }
  });

  it("come closer to it the more steps they make", () => {
    const graph = randomGraph(6);
    const exact = pageRank(stepMatrix(graph), 3, 0.5);
    const [few, some, many] = [1_000, 20_000, 400_000].map((steps) => {
      const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
      const distances = seeds.map((seed) => distance(shares(graph, 3, { seed, steps }), exact));
      return distances.reduce((sum, one) => sum + one) / seeds.length;
    });
    // An error of chance falls with the square root: by 4.5 each time.
    expect(few! / some!).toBeGreaterThan(3);
    expect(some! / many!).toBeGreaterThan(3);
  });

  it("never leave what the item is connected with", () => {
    const { items } = pixieWalk(BRIDGE, [{ item: 0 }], { seed: 1, steps: 10_000 });
    expect([...items].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it("find nothing from an item on no board, and only itself from one that is alone", () => {
    expect(pixieWalk(BRIDGE, [{ item: 6 }], { seed: 1 })).toMatchObject({
      steps: 0,
      items: new Uint32Array(),
    });
    const alone = pixieWalk(BRIDGE, [{ item: 5 }], { seed: 1, steps: 100 });
    expect([...alone.items]).toEqual([5]);
    expect(alone.scores[0]).toBeCloseTo(100, 9);
  });

  it("go the same way with the same seed, and another with another", () => {
    const graph = randomGraph(7);
    const go = (seed: number) => pixieWalk(graph, [{ item: 1 }, { item: 2 }], { seed, steps: 5_000 });
    expect(go(11)).toEqual(go(11));
    expect(go(11)).not.toEqual(go(12));
  });

  it("make all their steps, restart or not", () => {
    for (const restart of [0, 0.5, 1]) {
      expect(pixieWalk(randomGraph(8), [{ item: 1 }], { seed: 1, steps: 1_234, restart }).steps).toBe(1_234);
    }
  });
});

describe("walks from several items", () => {
  it("get steps by degree, as the paper's formula says", () => {
    // Item 2 has two boards, item 0 one; C = 2.
    const scaled = [1 * (2 - Math.log(1)), 2 * (2 - Math.log(2))];
    const share = scaled[1]! / (scaled[0]! + scaled[1]!);
    expect(allotSteps(BRIDGE, [{ item: 0 }, { item: 2 }], 1_000)).toEqual([
      Math.round(1_000 * (1 - share)),
      Math.round(1_000 * share),
    ]);
  });

  it("get steps by weight; weights are shares", () => {
    const [light, heavy] = allotSteps(BRIDGE, [{ item: 0 }, { item: 1, weight: 3 }], 1_000);
    expect([light, heavy]).toEqual([250, 750]);
    const doubled = allotSteps(
      BRIDGE,
      [
        { item: 0, weight: 2 },
        { item: 1, weight: 6 },
      ],
      1_000,
    );
    expect(doubled).toEqual([250, 750]);
    expect(allotSteps(BRIDGE, [{ item: 6 }, { item: 1 }, { item: 0, weight: 0 }], 10)).toEqual([0, 10, 0]);
  });

  it("give every item a step, however little its weight", () => {
    expect(allotSteps(BRIDGE, [{ item: 0, weight: 1e-9 }, { item: 1 }], 10)).toEqual([1, 10]);
  });

  it("add up visits as (Σ√v)²", () => {
    const options = { seed: 5, restart: 0.5 };
    const both = pixieWalk(BRIDGE, [{ item: 0 }, { item: 3 }], { ...options, steps: 2_000 });
    // By symmetry each gets half of the steps; their walks go on from one generator.
    const scores = new Map([...both.items].map((item, at) => [item, both.scores[at]!]));
    const exact = [0, 3].map((query) => pageRank(stepMatrix(BRIDGE), query, 0.5));
    for (const [item, score] of scores) {
      const expected = exact.reduce((sum, ranks) => sum + Math.sqrt(1_000 * ranks[item]!), 0) ** 2;
      expect(Math.abs(score - expected) / expected).toBeLessThan(0.25);
    }
  });

  it("rank what both lead to before what one leads to", () => {
    // 2 is on the boards of both queries; 1 and 4 are each on the board of one, with as many visits from it.
    const { items } = pixieWalk(BRIDGE, [{ item: 0 }, { item: 3 }], { seed: 1, steps: 50_000 });
    expect(items[0]).toBe(2);
  });
});

it("answers the best, where that is all that is asked for", () => {
  const graph = randomGraph(10);
  const all = pixieWalk(graph, [{ item: 1 }, { item: 2 }], { seed: 1, steps: 3_000 });
  for (const limit of [1, 7, 1_000]) {
    const { items, scores } = pixieWalk(graph, [{ item: 1 }, { item: 2 }], { seed: 1, steps: 3_000, limit });
    expect(items).toEqual(all.items.slice(0, limit));
    expect(scores).toEqual(all.scores.slice(0, limit));
  }
});

describe("an early end", () => {
  it("comes when enough items have enough visits, and keeps what is best", () => {
    const graph = randomGraph(9, 200, 40);
    const query = [{ item: 150 }];
    const full = pixieWalk(graph, query, { seed: 1, steps: 400_000 });
    const early = pixieWalk(graph, query, { seed: 1, steps: 400_000, enough: { items: 20, visits: 500 } });
    expect(early.steps).toBeLessThan(full.steps / 4);
    expect(early.scores.filter((score) => score > 499.5)).toHaveLength(21);
    const best = new Set(full.items.slice(0, 10));
    const kept = [...early.items.slice(0, 10)].filter((item) => best.has(item));
    expect(kept.length).toBeGreaterThanOrEqual(8);
  });

  it("does not come when it asks for more than the steps bring", () => {
    const enough = { items: 5, visits: 1_000_000 };
    expect(pixieWalk(BRIDGE, [{ item: 0 }], { seed: 1, steps: 5_000, enough }).steps).toBe(5_000);
  });
});

describe("a preference", () => {
  /** One board of four items, two of them with feature 1. */
  const graph = new BipartiteGraph(4, 1, {
    items: [0, 1, 2, 3],
    boards: [0, 0, 0, 0],
    features: [0, 0, 1, 1],
  });

  it.each([
    [0, 0.5],
    [0.5, 0.75],
    [1, 1],
  ])("of share %f leads to such items in %f of the steps", (share, expected) => {
    const walked = shares(graph, 2, { seed: 1, steps: 40_000, preference: { feature: 1, share } });
    expect(walked[2]! + walked[3]!).toBeCloseTo(expected, 1);
    // Among those it prefers, chance is even.
    expect(walked[2]! / walked[3]!).toBeCloseTo(1, 1);
  });

  it("changes nothing where no edge has the feature", () => {
    const walked = shares(graph, 2, { seed: 1, steps: 40_000, preference: { feature: 9, share: 1 } });
    for (const share of walked) expect(share).toBeCloseTo(0.25, 1);
  });
});

describe("what cannot be", () => {
  it.each([
    [{ item: 7 }, {}],
    [{ item: -1 }, {}],
    [{ item: 0.5 }, {}],
    [{ item: 0, weight: -1 }, {}],
    [{ item: 0, weight: Number.NaN }, {}],
    [{ item: 0 }, { steps: 0 }],
    [{ item: 0 }, { limit: 0 }],
    [{ item: 0 }, { restart: 1.1 }],
    [{ item: 0 }, { preference: { feature: 1, share: Number.NaN } }],
  ])("is refused: %j %j", (query, options) => {
    expect(() => pixieWalk(BRIDGE, [query], { seed: 1, ...options })).toThrow(RangeError);
  });
});
