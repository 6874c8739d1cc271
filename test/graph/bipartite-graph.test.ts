import { expect, it } from "vitest";
import { BipartiteGraph } from "../../src/graph/bipartite-graph.ts";
import { VisitCounts } from "../../src/graph/visit-counts.ts";

const EDGES = { items: [2, 0, 1, 0], boards: [1, 1, 0, 0] };

it("knows the neighbours of both sides", () => {
  const graph = new BipartiteGraph(4, 2, EDGES);
  expect([...graph.boardsOf(0)].sort()).toEqual([0, 1]);
  expect([...graph.boardsOf(3)]).toEqual([]);
  expect([...graph.itemsOf(1)].sort()).toEqual([0, 2]);
  expect([graph.itemCount, graph.boardCount, graph.edgeCount, graph.maxItemDegree]).toEqual([4, 2, 4, 2]);
});

it("sorts the edges of a node by feature, otherwise as they came", () => {
  const graph = new BipartiteGraph(1, 4, {
    items: [0, 0, 0, 0],
    boards: [3, 2, 1, 0],
    features: [7, 255, 0, 7],
  });
  expect([...graph.boardsOf(0)]).toEqual([1, 3, 0, 2]);
  expect([...graph.fromItems.features]).toEqual([0, 7, 7, 255]);
});

it("takes 10 bytes an edge and 4 a node", () => {
  const items = Array.from({ length: 1_000 }, (_, at) => at % 100);
  const boards = Array.from({ length: 1_000 }, (_, at) => at % 50);
  expect(new BipartiteGraph(100, 50, { items, boards }).bytes).toBe(10 * 1_000 + 4 * (101 + 51));
});

it.each([
  [{ items: [4], boards: [0] }],
  [{ items: [0], boards: [2] }],
  [{ items: [-1], boards: [0] }],
  [{ items: [0.5], boards: [0] }],
  [{ items: [0, 1], boards: [0] }],
  [{ items: [0], boards: [0], features: [256] }],
  [{ items: [0], boards: [0], features: [] }],
])("refuses edges that cannot be: %j", (edges) => {
  expect(() => new BipartiteGraph(4, 2, edges)).toThrow(RangeError);
});

it("counts visits of many items in little room", () => {
  const counts = new VisitCounts(16);
  for (let round = 1; round <= 3; round++) {
    for (let item = 0; item < 10_000; item++) expect(counts.visit(item * 65_536)).toBe(round);
  }
  expect(counts.size).toBe(10_000);
  let sum = 0;
  counts.forEach((_, visits) => {
    sum += visits;
  });
  expect(sum).toBe(30_000);
  expect([counts.get(65_536), counts.get(1)]).toEqual([3, 0]);
  counts.clear();
  expect([counts.size, counts.get(65_536)]).toEqual([0, 0]);
});
