/**
 * Pruning, as Pixie does before it walks (section 3.2 of the paper): boards of everything and edges that say little
 * about an item lead walks astray. Pruning them made the paper's graph a sixth as large and its results better.
 */
import { BipartiteGraph, type Edges } from "./bipartite-graph.ts";

export interface PruneOptions {
  /**
   * What each item is about: itemCount × `topics` probabilities, row by row, rows adding up to one. The paper's come
   * from a topic model of descriptions; categories will do.
   */
  readonly itemTopics: Float32Array;
  readonly topics: number;
  /** Share of the boards, those of most diverse items, that lose all edges. @default 0.1 */
  readonly diverse?: number;
  /** δ: an item of degree d keeps d^δ of its edges, those to boards that are most like it. @default 0.91 */
  readonly delta?: number;
}

/** The paper's best for link prediction. */
export const DEFAULT_DELTA = 0.91;
export const DEFAULT_DIVERSE = 0.1;

/** A graph of the same nodes with fewer edges. @throws RangeError for topics of another size than the graph */
export function prune(graph: BipartiteGraph, options: PruneOptions): BipartiteGraph {
  const { itemTopics, topics, diverse = DEFAULT_DIVERSE, delta = DEFAULT_DELTA } = options;
  if (itemTopics.length !== graph.itemCount * topics) {
    throw new RangeError(`${itemTopics.length} topic shares do not fit ${graph.itemCount} × ${topics}`);
  }
  const boards = boardTopics(graph, itemTopics, topics);
  const dropped = mostDiverse(graph, boards, topics, diverse);
  const edges = { items: [] as number[], boards: [] as number[], features: [] as number[] };
  const { offsets, neighbours, features } = graph.fromItems;
  for (let item = 0; item < graph.itemCount; item++) {
    const own = itemTopics.subarray(item * topics, (item + 1) * topics);
    const places = range(offsets[item]!, offsets[item + 1]!).filter((at) => !dropped.has(neighbours[at]!));
    const likeness = new Map(
      places.map((at) => [at, cosine(own, rowOf(boards, neighbours[at]!, topics))] as const),
    );
    places.sort((a, b) => likeness.get(b)! - likeness.get(a)! || a - b);
    for (const at of places.slice(0, Math.ceil(places.length ** delta))) {
      edges.items.push(item);
      edges.boards.push(neighbours[at]!);
      edges.features.push(features[at]!);
    }
  }
  return new BipartiteGraph(graph.itemCount, graph.boardCount, edges satisfies Edges);
}

/** boardCount × topics: the mean of each board's items. */
function boardTopics(graph: BipartiteGraph, itemTopics: Float32Array, topics: number): Float32Array {
  const means = new Float32Array(graph.boardCount * topics);
  for (let board = 0; board < graph.boardCount; board++) {
    const items = graph.itemsOf(board);
    for (const item of items) {
      for (let topic = 0; topic < topics; topic++) {
        means[board * topics + topic]! += itemTopics[item * topics + topic]! / items.length;
      }
    }
  }
  return means;
}

/** The boards whose topics have the largest entropy. Boards of nothing are none of them. */
function mostDiverse(
  graph: BipartiteGraph,
  boards: Float32Array,
  topics: number,
  share: number,
): Set<number> {
  const used = range(0, graph.boardCount).filter((board) => graph.boardDegree(board) > 0);
  const entropies = new Map(used.map((board) => [board, entropy(rowOf(boards, board, topics))] as const));
  used.sort((a, b) => entropies.get(b)! - entropies.get(a)! || a - b);
  return new Set(used.slice(0, Math.floor(used.length * share)));
}

/** In nats. */
function entropy(shares: Float32Array): number {
  return shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

function rowOf(matrix: Float32Array, row: number, columns: number): Float32Array {
  return matrix.subarray(row * columns, (row + 1) * columns);
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, at) => start + at);
}
