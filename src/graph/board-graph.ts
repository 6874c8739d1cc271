/** The graph of items and boards by their ids. */
import { BipartiteGraph } from "./bipartite-graph.ts";
import { pixieWalk, type WalkOptions } from "./pixie.ts";

/** One item on one board. */
export interface BoardEdge {
  readonly board: string;
  readonly item: string;
}

/** An item that walks lead to. */
export interface Neighbour {
  readonly item: string;
  /** See `WalkResult.scores`. */
  readonly score: number;
}

export class BoardGraph {
  readonly graph: BipartiteGraph;
  /** Ids by number. */
  readonly items: readonly string[];
  readonly boards: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  /** Numbers items and boards in the order in which they first come; the same edge twice counts once. */
  constructor(edges: Iterable<BoardEdge>) {
    const items = new Map<string, number>();
    const boards = new Map<string, number>();
    const seen = new Set<string>();
    const from: number[] = [];
    const to: number[] = [];
    for (const { item, board } of edges) {
      const [a, b] = [numberOf(items, item), numberOf(boards, board)];
      if (seen.has(`${a} ${b}`)) continue;
      seen.add(`${a} ${b}`);
      from.push(a);
      to.push(b);
    }
    this.graph = new BipartiteGraph(items.size, boards.size, { items: from, boards: to });
    this.items = [...items.keys()];
    this.boards = [...boards.keys()];
    this.#numbers = items;
  }

  /** Items near some items, best first, without these; items that are on no board lead nowhere. */
  near(items: readonly string[], options: WalkOptions): Neighbour[] {
    const queries = items.flatMap((id) => {
      const item = this.#numbers.get(id);
      return item === undefined ? [] : [{ item }];
    });
    const from = new Set(queries.map(({ item }) => item));
    const found = pixieWalk(this.graph, queries, options);
    return Array.from(found.items, (item, at) => ({ item, score: found.scores[at]! }))
      .filter(({ item }) => !from.has(item))
      .map(({ item, score }) => ({ item: this.items[item]!, score }));
  }
}

function numberOf(numbers: Map<string, number>, id: string): number {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  numbers.set(id, numbers.size);
  return numbers.size - 1;
}
