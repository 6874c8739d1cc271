import { expect, it } from "vitest";
import { BipartiteGraph } from "../../src/graph/bipartite-graph.ts";
import { prune } from "../../src/graph/prune.ts";

/** Items 0 … 4 are chairs, 5 … 9 dresses. Board 0 has all chairs, 1 all dresses, 2 everything. */
const ITEMS = Array.from({ length: 10 }, (_, item) => item);
const GRAPH = new BipartiteGraph(10, 3, {
  items: [...ITEMS, ...ITEMS],
  boards: [...ITEMS.map((item) => (item < 5 ? 0 : 1)), ...ITEMS.map(() => 2)],
  features: [...ITEMS, ...ITEMS],
});
const TOPICS = Float32Array.from(ITEMS.flatMap((item) => (item < 5 ? [1, 0] : [0, 1])));
const OPTIONS = { itemTopics: TOPICS, topics: 2 };

it("takes the edges of boards of everything", () => {
  const pruned = prune(GRAPH, { ...OPTIONS, diverse: 0.34, delta: 1 });
  expect([0, 1, 2].map((board) => pruned.boardDegree(board))).toEqual([5, 5, 0]);
  expect(pruned.itemCount).toBe(10);
});

it("leaves an item of degree d the d^δ edges to boards that are most like it", () => {
  const pruned = prune(GRAPH, { ...OPTIONS, diverse: 0, delta: 0 });
  expect(ITEMS.map((item) => [...pruned.boardsOf(item)])).toEqual([
    ...Array.from({ length: 5 }, () => [0]),
    ...Array.from({ length: 5 }, () => [1]),
  ]);
  expect(prune(GRAPH, { ...OPTIONS, diverse: 0, delta: 1 }).edgeCount).toBe(20);
});

it("keeps the features of edges", () => {
  const pruned = prune(GRAPH, { ...OPTIONS, diverse: 0, delta: 0 });
  expect([...pruned.fromItems.features]).toEqual(ITEMS);
});

it("refuses topics of another size", () => {
  expect(() => prune(GRAPH, { itemTopics: TOPICS, topics: 3 })).toThrow(RangeError);
});
