import { expect, it } from "vitest";
import { BoardGraph } from "../../src/graph/board-graph.ts";

const EDGES = [
  { board: "kitchen", item: "mug" },
  { board: "kitchen", item: "table" },
  { board: "kitchen", item: "mug" },
  { board: "dining", item: "table" },
  { board: "dining", item: "chair" },
  { board: "wardrobe", item: "dress" },
];

it("counts the same item on the same board once", () => {
  const { graph, items, boards } = new BoardGraph(EDGES);
  expect(graph.edgeCount).toBe(5);
  expect(items).toEqual(["mug", "table", "chair", "dress"]);
  expect(boards).toEqual(["kitchen", "dining", "wardrobe"]);
});

it("finds what is near some items, without them", () => {
  const found = new BoardGraph(EDGES).near(["mug", "unknown"], { seed: 1, steps: 2_000 });
  expect(found.map(({ item }) => item)).toEqual(["table", "chair"]);
});

it("finds nothing near items that are on no board", () => {
  expect(new BoardGraph(EDGES).near(["unknown"], { seed: 1 })).toEqual([]);
  expect(new BoardGraph([]).near(["mug"], { seed: 1 })).toEqual([]);
});
