import { expect, it } from "vitest";
import { BoardBody, BoardId } from "../../src/catalog/boards/board.ts";
import { generateBoards } from "../../src/demo/boards.ts";
import { generateProducts, SHOWROOM } from "../../src/demo/products.ts";
import { BoardGraph } from "../../src/graph/board-graph.ts";

const products = generateProducts(SHOWROOM);
const boards = generateBoards(products);

it("the showroom has boards of its products, the same every time", () => {
  expect(boards.length).toBeGreaterThan(20);
  expect(generateBoards(products)).toEqual(boards);
  const ids = new Set(products.map(({ id }) => id));
  for (const { id, title, description, items } of boards) {
    expect(BoardId.parse(id)).toBe(id);
    expect(BoardBody.parse({ title, description, items })).toEqual({ title, description, items });
    expect(items.every((item) => ids.has(item))).toBe(true);
    expect(new Set(items).size).toBe(items.length);
  }
  expect(new Set(boards.map(({ id }) => id)).size).toBe(boards.length);
});

it("its boards overlap, so that walks get around", () => {
  const edges = boards.flatMap(({ id, items }) => items.map((item) => ({ board: id, item })));
  const { graph } = new BoardGraph(edges);
  const shared = Array.from({ length: graph.itemCount }, (_, item) => graph.itemDegree(item)).filter(
    (n) => n > 1,
  );
  expect(shared.length).toBeGreaterThan(100);
});
