/** What walks must come to: personalised PageRank of small graphs, solved exactly. */
import type { BipartiteGraph } from "../../src/graph/bipartite-graph.ts";

/** Probabilities of stepping from an item over one of its boards to an item, itemCount × itemCount. */
export function stepMatrix(graph: BipartiteGraph): number[][] {
  return Array.from({ length: graph.itemCount }, (_, item) => {
    const row = new Array<number>(graph.itemCount).fill(0);
    for (const board of graph.boardsOf(item)) {
      for (const other of graph.itemsOf(board)) {
        row[other]! += 1 / graph.itemDegree(item) / graph.boardDegree(board);
      }
    }
    return row;
  });
}

/** Share of a walk's steps that end at each item: α·e·P·(I − (1 − α)·P)⁻¹. */
export function pageRank(step: readonly (readonly number[])[], query: number, restart: number): number[] {
  // The transposed system (I − (1 − α)·Pᵀ) x = α·Pᵀ·e.
  const system = step.map((_, row) =>
    step.map((from, column) => (row === column ? 1 : 0) - (1 - restart) * from[row]!),
  );
  return solve(
    system,
    step[query]!.map((probability) => restart * probability),
  );
}

/** Gaussian elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    const rest = rows.slice(column);
    const pivot =
      column +
      rest.reduce(
        (best, row, at) => (Math.abs(row[column]!) > Math.abs(rest[best]![column]!) ? at : best),
        0,
      );
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at <= n; at++) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  return rows.map((row, at) => row[n]! / row[at]!);
}
