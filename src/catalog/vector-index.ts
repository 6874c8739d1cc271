/** One interface for everything that finds the nearest vectors. `test/catalog/vector-index.contract.ts` holds each to it. */
import { Problem } from "../problem.ts";
import type { Embedding } from "../vision/unified-embedding.ts";
import type { Facets, Filter } from "./filter.ts";

/** Components of the unified embedding's vectors, and of those of any index or space that says nothing else. */
export const DIMENSIONS = 256;

export interface VectorEntry {
  readonly id: string;
  /** As many components as the index's, unit length. */
  readonly vector: Embedding;
  readonly facets: Facets;
}

/** A place in a ranking: everything before it has been seen. */
export interface RankPosition {
  readonly score: number;
  readonly id: string;
  /** How many results lie before and at it. */
  readonly seen: number;
}

export interface VectorQuery {
  /** As many components as the index's. Of unit length, or scores are no cosines but inner products. */
  readonly vector: Embedding;
  /** Results wanted, 1 … `limits.results` of the index. */
  readonly k: number;
  /** @default everything */
  readonly filter?: Filter | undefined;
  /** Only what comes after this place. @default from the first */
  readonly after?: RankPosition | undefined;
  /** Say with every hit how it was found. @default false */
  readonly explain?: boolean | undefined;
}

/** How a hit came to its place. */
export interface Explanation {
  /** Differing signs of the two vectors, 0 … the number of their components; indexes without codes leave it out. */
  readonly hamming?: number;
  /** Place by Hamming distance alone, from 1. */
  readonly hammingRank?: number;
  /** Vectors that were compared exactly to rank this page. */
  readonly compared?: number;
  /** Share of the query's words that the item says, in searches by words. */
  readonly words?: number;
}

export interface Hit {
  readonly id: string;
  /**
   * Inner product of the two vectors: their cosine, −1 … 1, when the query has unit length. In searches by words,
   * `WORDS_COUNT` times the share of the words that the item says is added.
   */
  readonly score: number;
  readonly explanation?: Explanation;
}

/** What an index can do at most. */
export interface IndexLimits {
  /** Results of one page. */
  readonly results: number;
  /** Results of one search over all pages. */
  readonly window: number;
}

export interface VectorIndex {
  readonly limits: IndexLimits;
  /** Adds entries; replaces those with the same id. */
  upsert(entries: readonly VectorEntry[]): Promise<void>;
  /** Removes entries; ids that are not there are fine. */
  remove(ids: readonly string[]): Promise<void>;
  /**
   * The best entries after `query.after`, highest score first, then by id in code point order.
   * Approximate indexes may miss some; scores of those they find are exact unless they say otherwise.
   * @throws {InvalidQueryError}
   */
  search(query: VectorQuery): Promise<Hit[]>;
  /** How many entries there are. */
  size(): Promise<number>;
}

/** The query is not one that this index can answer. */
export class InvalidQueryError extends Problem {
  constructor(detail: string, hint: string) {
    super({ status: 400, code: "invalid-query", title: "The search cannot be run", detail, hint });
  }
}

/**
 * Checks what types cannot say.
 * @throws {InvalidQueryError}
 */
export function checkQuery(
  { vector, k, after }: VectorQuery,
  limits: IndexLimits,
  dimensions: number = DIMENSIONS,
): void {
  if (vector.length !== dimensions) {
    throw new InvalidQueryError(
      `The vector has ${vector.length} components.`,
      `Send a vector of ${dimensions} components, made by the model that embedded the catalogue.`,
    );
  }
  if (!vector.every(Number.isFinite)) {
    throw new InvalidQueryError(
      "The vector has components that are no numbers.",
      "Send finite numbers only.",
    );
  }
  if (!Number.isInteger(k) || k < 1 || k > limits.results) {
    throw new InvalidQueryError(`${k} results cannot be answered.`, `Ask for 1 to ${limits.results}.`);
  }
  if (after && after.seen >= limits.window) {
    throw new InvalidQueryError(
      `The search ends after ${limits.window} results.`,
      "Narrow it down with a filter instead of paging on.",
    );
  }
}

/** The order of results: higher scores first, then ids in code point order. */
export function byRank(a: Pick<Hit, "score" | "id">, b: Pick<Hit, "score" | "id">): number {
  return b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The hits that answer a query, in order, of all that came into question. Sorts `hits` where they are. */
export function page(
  hits: Hit[],
  { k, after }: Pick<VectorQuery, "k" | "after">,
  limits: IndexLimits,
): Hit[] {
  const rest = after ? hits.filter((hit) => byRank(hit, after) > 0) : hits;
  return rest.sort(byRank).slice(0, Math.min(k, limits.window - (after?.seen ?? 0)));
}

/** Dot product, which is the cosine of unit vectors. Summed in double precision, always in the same order. */
export function dot(a: Float32Array, b: Float32Array): number {
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < a.length; i += 2) {
    even += a[i]! * b[i]!;
    odd += a[i + 1]! * b[i + 1]!;
  }
  if (a.length % 2 === 1) even += a[a.length - 1]! * b[a.length - 1]!;
  return even + odd;
}
