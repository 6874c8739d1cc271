/** Pixie walks on typed arrays against the same walk over maps of ids. */
import { Random } from "../src/demo/random.ts";
import { BipartiteGraph } from "../src/graph/bipartite-graph.ts";
import { allotSteps, DEFAULT_RESTART, pixieWalk } from "../src/graph/pixie.ts";
import type { Bench, Case, Contender } from "./bench.ts";

const OURS = "typed arrays";
const SEED = 1;
const STEPS = 100_000;
const RESULTS = 500;
const WARM_UP = 3;
const QUERY_ITEMS = [10, 1_000, 5_000, 9_999];

export const bench: Bench = {
  title: `A walk of ${STEPS.toLocaleString("en")} steps from ${QUERY_ITEMS.length} items`,
  unit: "ns a step",
  ours: OURS,
  cases: async () => [100_000, 1_000_000].map(caseOf),
};

interface EdgeList {
  readonly itemCount: number;
  readonly boardCount: number;
  readonly items: Uint32Array;
  readonly boards: Uint32Array;
}

function caseOf(edgeCount: number): Case {
  return {
    name: `${edgeCount.toLocaleString("en")} edges`,
    subjects: {
      [OURS]: async () => {
        const edges = drawEdges(edgeCount);
        const graph = new BipartiteGraph(edges.itemCount, edges.boardCount, edges);
        const queries = QUERY_ITEMS.map((item) => ({ item }));
        return timed((seed) => pixieWalk(graph, queries, { seed, steps: STEPS, limit: RESULTS }));
      },
      "maps of ids": async () => {
        const edges = drawEdges(edgeCount);
        const walk = mapWalk(edges);
        return timed((seed) => walk(seed));
      },
    },
  };
}

/** Items as popular as Zipf's law has it, boards of 20 on average. */
function drawEdges(count: number): EdgeList {
  const random = new Random(SEED);
  const [itemCount, boardCount] = [count / 10, count / 20];
  const items = new Uint32Array(count);
  const boards = new Uint32Array(count);
  for (let edge = 0; edge < count; edge++) {
    // Every item comes once; the others by chance, the log of their rank being even.
    items[edge] = edge < itemCount ? edge : Math.floor(itemCount ** random.next()) % itemCount;
    boards[edge] = Math.floor(random.next() * boardCount);
  }
  return { itemCount, boardCount, items, boards };
}

function timed(walk: (seed: number) => unknown): Contender {
  let seed = SEED;
  for (let pass = 0; pass < WARM_UP; pass++) walk(seed++);
  return {
    async measure() {
      const started = performance.now();
      walk(seed++);
      return ((performance.now() - started) * 1e6) / STEPS;
    },
  };
}

/** As one would write it first: neighbours by id in maps, and visits in a map. */
function mapWalk(edges: EdgeList): (seed: number) => [string, number][] {
  const graph = new BipartiteGraph(edges.itemCount, edges.boardCount, edges);
  const queries = QUERY_ITEMS.map((item) => ({ item }));
  const shares = allotSteps(graph, queries, STEPS);
  const boardsOf = new Map<string, string[]>();
  const itemsOf = new Map<string, string[]>();
  for (let edge = 0; edge < edges.items.length; edge++) {
    const [item, board] = [`item-${edges.items[edge]}`, `board-${edges.boards[edge]}`];
    push(boardsOf, item, board);
    push(itemsOf, board, item);
  }
  return (seed) => {
    const random = new Random(seed);
    const scores = new Map<string, number>();
    for (const [at, { item: query }] of queries.entries()) {
      const visits = new Map<string, number>();
      let item = `item-${query}`;
      for (let step = 0; step < shares[at]!; step++) {
        item = random.pick(itemsOf.get(random.pick(boardsOf.get(item)!))!);
        visits.set(item, (visits.get(item) ?? 0) + 1);
        if (random.chance(DEFAULT_RESTART)) item = `item-${query}`;
      }
      for (const [id, count] of visits) scores.set(id, (scores.get(id) ?? 0) + Math.sqrt(count));
    }
    const all = [...scores].map(([id, root]): [string, number] => [id, root ** 2]);
    return all.sort((a, b) => b[1] - a[1]).slice(0, RESULTS);
  };
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
