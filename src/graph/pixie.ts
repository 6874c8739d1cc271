/**
 * The Pixie random walk: items that are near some query items on a graph of items and boards.
 *
 * Eksombatchai et al., "Pixie: A System for Recommending 3+ Billion Items to 200+ Million Users in Real-Time",
 * WWW 2018 (arXiv 1711.07601), algorithms 2 and 3.
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Adjacency, BipartiteGraph } from "./bipartite-graph.ts";
import { VisitCounts } from "./visit-counts.ts";

export interface WalkQuery {
  readonly item: number;
  /** How much it counts beside the others. @default 1 */
  readonly weight?: number;
}

/** Makes walks prefer edges with a feature, as a user's language would. */
export interface Preference {
  /** 0 … 255, see `Edges.features`. */
  readonly feature: number;
  /** Probability, 0 … 1, that a step takes such an edge where the node has one; otherwise it takes any. */
  readonly share: number;
}

export interface WalkOptions {
  /** The same seed walks the same way. Any whole number. */
  readonly seed: number;
  /** Steps of all query items together; a step goes from an item to a board and on to an item. @default 100,000 */
  readonly steps?: number;
  /** Probability, 0 … 1, of starting again at the query item after a step. 0: never. @default 0.5 */
  readonly restart?: number;
  /** A query item's walk ends early when more than `items` items have `visits` visits. @default never */
  readonly enough?: { readonly items: number; readonly visits: number };
  /** @default none */
  readonly preference?: Preference;
  /** Items of the result at most: ranking all takes as long as walking. @default all */
  readonly limit?: number;
}

export interface WalkResult {
  /** Items that were visited, best first; equal ones in the order of their numbers. Query items can be among them. */
  readonly items: Uint32Array;
  /** (Σ over query items √visits)² of each, so that what several query items lead to comes before what one does. */
  readonly scores: Float64Array;
  /** Steps that were made. */
  readonly steps: number;
}

/** Steps that find what is near on a graph of some million edges: the paper walks 200,000 on 17 billion. */
export const DEFAULT_STEPS = 100_000;
export const DEFAULT_RESTART = 0.5;

/** Walks from all query items and adds up what they visit. @throws RangeError for options that cannot be */
export function pixieWalk(
  graph: BipartiteGraph,
  queries: readonly WalkQuery[],
  options: WalkOptions,
): WalkResult {
  const { seed, steps = DEFAULT_STEPS, limit = Number.POSITIVE_INFINITY } = options;
  checkOptions(graph, queries, options);
  const random = xoroshiro128plus(seed | 0);
  const roots = new Map<number, number>();
  const visits = new VisitCounts();
  let made = 0;
  for (const [at, share] of allotSteps(graph, queries, steps).entries()) {
    if (share === 0) continue;
    visits.clear();
    made += walk(graph, queries[at]!.item, share, random, visits, options);
    visits.forEach((item, count) => {
      roots.set(item, (roots.get(item) ?? 0) + Math.sqrt(count));
    });
  }
  const ranked = best(roots, limit);
  return {
    items: Uint32Array.from(ranked, ([item]) => item),
    scores: Float64Array.from(ranked, ([, root]) => root * root),
    steps: made,
  };
}

/** The entries with the largest values, in order; equal ones by item. */
function best(values: ReadonlyMap<number, number>, limit: number): [item: number, value: number][] {
  // Sorting plain numbers finds in a tenth of the time which entries are worth sorting.
  const least = values.size > limit ? Float64Array.from(values.values()).sort().at(-limit)! : 0;
  return [...values]
    .filter(([, value]) => value >= least)
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, limit);
}

/**
 * How many of `steps` each query item gets: in proportion to w · |E(q)| · (C − log |E(q)|), C being the largest
 * degree of an item, so that items on many boards get more, but not as many more as they have boards. An item on no
 * board gets none, every other at least one.
 */
export function allotSteps(graph: BipartiteGraph, queries: readonly WalkQuery[], steps: number): number[] {
  const most = graph.maxItemDegree;
  const shares = queries.map(({ item, weight = 1 }) => {
    const degree = graph.itemDegree(item);
    return degree === 0 ? 0 : weight * degree * (most - Math.log(degree));
  });
  const all = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => (share === 0 ? 0 : Math.max(1, Math.round((steps * share) / all))));
}

/**
 * Walks from one item, again and again, until the steps are used up or enough items have been visited often.
 * @param visits gets a visit for every item that a step leads to; the start of a walk is none
 * @returns the steps that were made
 */
export function walk(
  { fromItems, fromBoards }: BipartiteGraph,
  query: number,
  steps: number,
  random: RandomGenerator,
  visits: VisitCounts,
  { restart = DEFAULT_RESTART, enough, preference }: Omit<WalkOptions, "seed" | "steps">,
): number {
  if (fromItems.offsets[query] === fromItems.offsets[query + 1]) return 0;
  const stay = threshold(restart);
  let item = query;
  let often = 0;
  let made = 0;
  while (made < steps) {
    const board = pick(fromItems, item, random, preference);
    item = pick(fromBoards, board, random, preference);
    made++;
    if (visits.visit(item) === enough?.visits && ++often > enough.items) break;
    if (random.next() >>> 0 < stay) item = query;
  }
  return made;
}

/** A neighbour by chance. Nodes that a walk comes to have one: the edge that it came by. */
function pick(
  { offsets, neighbours, features }: Adjacency,
  node: number,
  random: RandomGenerator,
  preference: Preference | undefined,
): number {
  let start = offsets[node]!;
  let end = offsets[node + 1]!;
  if (preference && random.next() >>> 0 < threshold(preference.share)) {
    const first = lowerBound(features, preference.feature, start, end);
    const last = lowerBound(features, preference.feature + 1, first, end);
    if (first < last) [start, end] = [first, last];
  }
  // The upper half of a product of two 32-bit numbers, which a double holds well enough.
  return neighbours[start + Math.floor(((random.next() >>> 0) / 2 ** 32) * (end - start))]!;
}

/** The first place in a sorted range where a feature is not below the one given. */
function lowerBound(features: Uint8Array, feature: number, start: number, end: number): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (features[middle]! < feature) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Below it lie 32-bit numbers with that probability. */
function threshold(probability: number): number {
  return probability * 2 ** 32;
}

function checkOptions(
  graph: BipartiteGraph,
  queries: readonly WalkQuery[],
  { steps = DEFAULT_STEPS, restart = DEFAULT_RESTART, preference, limit = 1 }: WalkOptions,
): void {
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`${steps} steps cannot be walked`);
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`${limit} items cannot be answered`);
  for (const probability of [restart, preference?.share ?? 0]) {
    if (!(probability >= 0 && probability <= 1)) throw new RangeError(`${probability} is no probability`);
  }
  for (const { item, weight = 1 } of queries) {
    if (!(item in graph.fromItems.offsets) || item >= graph.itemCount) {
      throw new RangeError(`there is no item ${item}`);
    }
    if (!(weight >= 0 && Number.isFinite(weight))) throw new RangeError(`${weight} is no weight`);
  }
}
