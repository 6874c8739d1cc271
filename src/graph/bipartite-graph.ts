/** Items and boards as a bipartite graph of typed arrays: each side's neighbours in compressed sparse rows. */

/** Edges as parallel arrays: item `items[i]` is on board `boards[i]`. */
export interface Edges {
  readonly items: ArrayLike<number>;
  readonly boards: ArrayLike<number>;
  /** A small number, 0 … 255, that walks can prefer: a language, a style, an age. @default 0 for all */
  readonly features?: ArrayLike<number>;
}

/** The neighbours of the nodes of one side. */
export interface Adjacency {
  /** Neighbours of node v are `neighbours[offsets[v]]` … `neighbours[offsets[v + 1] - 1]`; one longer than the nodes. */
  readonly offsets: Uint32Array;
  /** Sorted by feature within a node, so that edges of one feature are a range. */
  readonly neighbours: Uint32Array;
  /** Features of the edges, in the order of `neighbours`. */
  readonly features: Uint8Array;
}

export class BipartiteGraph {
  readonly fromItems: Adjacency;
  readonly fromBoards: Adjacency;
  /** Edges of the item that has most. */
  readonly maxItemDegree: number;

  /**
   * Edges that come twice count twice.
   * @throws RangeError for an edge whose end is not there, or whose feature is no byte
   */
  constructor(itemCount: number, boardCount: number, edges: Edges) {
    checkEdges(itemCount, boardCount, edges);
    const { items, boards, features = new Uint8Array(items.length) } = edges;
    const order = byFeature(features);
    this.fromItems = adjacency(itemCount, items, boards, features, order);
    this.fromBoards = adjacency(boardCount, boards, items, features, order);
    let most = 0;
    for (let item = 0; item < itemCount; item++) most = Math.max(most, this.itemDegree(item));
    this.maxItemDegree = most;
  }

  get itemCount(): number {
    return this.fromItems.offsets.length - 1;
  }

  get boardCount(): number {
    return this.fromBoards.offsets.length - 1;
  }

  get edgeCount(): number {
    return this.fromItems.neighbours.length;
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    return [this.fromItems, this.fromBoards]
      .flatMap(({ offsets, neighbours, features }) => [offsets, neighbours, features])
      .reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Edges of an item. */
  itemDegree(item: number): number {
    return degreeOf(this.fromItems, item);
  }

  /** Edges of a board. */
  boardDegree(board: number): number {
    return degreeOf(this.fromBoards, board);
  }

  /** Boards of an item, a view. */
  boardsOf(item: number): Uint32Array {
    return neighboursOf(this.fromItems, item);
  }

  /** Items of a board, a view. */
  itemsOf(board: number): Uint32Array {
    return neighboursOf(this.fromBoards, board);
  }
}

function degreeOf({ offsets }: Adjacency, node: number): number {
  return offsets[node + 1]! - offsets[node]!;
}

function neighboursOf({ offsets, neighbours }: Adjacency, node: number): Uint32Array {
  return neighbours.subarray(offsets[node], offsets[node + 1]);
}

function checkEdges(itemCount: number, boardCount: number, { items, boards, features }: Edges): void {
  if (items.length !== boards.length || (features && features.length !== items.length)) {
    throw new RangeError("items, boards and features of edges are not equally many");
  }
  for (let edge = 0; edge < items.length; edge++) {
    const [item, board, feature] = [items[edge]!, boards[edge]!, features?.[edge] ?? 0];
    const there = isBelow(item, itemCount) && isBelow(board, boardCount) && isBelow(feature, 256);
    if (!there) throw new RangeError(`edge ${edge} (${item}, ${board}, feature ${feature}) cannot be`);
  }
}

function isBelow(number: number, limit: number): boolean {
  return Number.isInteger(number) && number >= 0 && number < limit;
}

/** Places of edges by feature, otherwise as they came: a counting sort. */
function byFeature(features: ArrayLike<number>): Uint32Array {
  const starts = new Uint32Array(257);
  for (let edge = 0; edge < features.length; edge++) starts[features[edge]! + 1]!++;
  for (let feature = 0; feature < 256; feature++) starts[feature + 1]! += starts[feature]!;
  const order = new Uint32Array(features.length);
  for (let edge = 0; edge < features.length; edge++) order[starts[features[edge]!]!++] = edge;
  return order;
}

/** Neighbours by node, each node's in the given order: the second, stable pass of a radix sort. */
function adjacency(
  nodes: number,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  features: ArrayLike<number>,
  order: Uint32Array,
): Adjacency {
  const offsets = new Uint32Array(nodes + 1);
  for (let edge = 0; edge < from.length; edge++) offsets[from[edge]! + 1]!++;
  for (let node = 0; node < nodes; node++) offsets[node + 1]! += offsets[node]!;
  const next = offsets.slice();
  const neighbours = new Uint32Array(from.length);
  const sorted = new Uint8Array(from.length);
  for (const edge of order) {
    const place = next[from[edge]!]!++;
    neighbours[place] = to[edge]!;
    sorted[place] = features[edge]!;
  }
  return { offsets, neighbours, features: sorted };
}
