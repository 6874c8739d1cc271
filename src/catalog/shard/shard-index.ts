/** Search over one shard and one space: codes in memory, vectors from SQLite. */
import type { Embedding } from "../../vision/unified-embedding.ts";
import { codeOf } from "../code.ts";
import type { FacetTable } from "../facet-table.ts";
import { isEmpty } from "../filter.ts";
import type { HammingIndex } from "../hamming-index.ts";
import { KeySet } from "../key-set.ts";
import { MAX_RESULT_WINDOW, MAX_RESULTS } from "../limits.ts";
import type { LookTable } from "../look-table.ts";
import { candidatesFor, WORD_CANDIDATES, WORDS_COUNT } from "../rerank.ts";
import { checkQuery, dot, type Hit, page, type VectorQuery } from "../vector-index.ts";
import type { EmbeddingStore } from "./embedding-store.ts";
import type { ItemStore } from "./item-store.ts";
import type { Likeness, NearDuplicate, Neighbour, ShardQuery } from "./protocol.ts";
import type { WordIndex } from "./word-index.ts";

/** Two results more than a caller can ask for: one in place of the item searched by, one to see whether more follow. */
export const SHARD_LIMITS = { results: MAX_RESULTS + 2, window: MAX_RESULT_WINDOW + 2 } as const;

export interface Sources {
  readonly space: number;
  /** Components of its vectors. */
  readonly dimensions: number;
  readonly codes: HammingIndex;
  readonly items: ItemStore;
  readonly embeddings: EmbeddingStore;
  /** Asked for searches with words only. */
  readonly words: WordIndex;
  /** Called for searches with a filter only. */
  readonly facets: () => FacetTable;
  /** Called for searches with a gate only. */
  readonly looks: () => LookTable;
}

/**
 * The best items after `query.after`.
 * @throws {InvalidQueryError}
 */
export function searchShard(query: ShardQuery, sources: Sources): Hit[] {
  checkQuery(query, SHARD_LIMITS, sources.dimensions);
  const { vector, k, after, exclude = [], explain } = query;
  const among = selected(query, sources);
  const candidates = sources.codes.nearest(
    codeOf(vector),
    candidatesFor(k + exclude.length, after?.seen ?? 0),
    among ? { among } : {},
  );
  const excluded = exclude.length > 0 ? sources.items.keysOf(exclude) : undefined;
  const nearest = [...candidates.keys];
  const worded = query.stems ? withWords(query.stems, nearest, among, sources) : undefined;
  const keys = worded?.keys ?? nearest;
  const scored = score(vector, keys, sources)
    .filter(({ key }) => !excluded?.has(key))
    .map((one) => ({ ...one, score: one.score + WORDS_COUNT * (worded?.shares.get(one.key) ?? 0) }));
  const best = shortlist(scored, query);
  const ids = sources.items.idsOf(best.map(({ key }) => key));
  const hits = best.flatMap(({ key, score, place }) => {
    const id = ids.get(key);
    if (id === undefined) return [];
    const explanation = {
      ...(place < nearest.length && { hamming: candidates.distances[place]!, hammingRank: place + 1 }),
      compared: keys.length,
      ...(worded && { words: worded.shares.get(key) ?? 0 }),
    };
    return [{ id, score, ...(explain && { explanation }) }];
  });
  return page(hits, query, SHARD_LIMITS);
}

/** The nearest, then others that say all words; and the share of the words that each says. */
function withWords(
  stems: readonly string[],
  nearest: readonly number[],
  among: KeySet | undefined,
  sources: Sources,
): { readonly keys: readonly number[]; readonly shares: ReadonlyMap<number, number> } {
  if (stems.length === 0) return { keys: nearest, shares: new Map() };
  const known = new Set(nearest);
  const others = sources.words
    .withAll(stems, WORD_CANDIDATES)
    .filter((key) => !known.has(key) && (among?.has(key) ?? true));
  const keys = [...nearest, ...others];
  return { keys, shares: sources.words.shares(stems, keys) };
}

/** Keys that filter and gate let pass; nothing when all do. */
function selected({ filter, looks }: ShardQuery, sources: Sources): KeySet | undefined {
  const gated = looks && sources.looks().select(looks);
  if (!filter || isEmpty(filter)) return gated;
  const matching = sources.facets().select(filter);
  if (gated) matching.intersect(gated);
  return matching;
}

/** Codes that are compared exactly for every neighbour wanted. A ranker orders them: the very nearest matter less. */
const NEIGHBOUR_OVERSAMPLING = 2;

/** For every vector the items nearest to it, without those to exclude, however many those are. */
export function nearestOf(
  vectors: readonly Embedding[],
  limit: number,
  exclude: readonly string[],
  sources: Pick<Sources, "space" | "dimensions" | "codes" | "items" | "embeddings">,
): Neighbour[][] {
  const except = new KeySet();
  for (const key of sources.items.keysOf(exclude)) except.add(key);
  return vectors.map((vector) => {
    checkQuery({ vector, k: 1 }, SHARD_LIMITS, sources.dimensions);
    const { keys } = sources.codes.nearest(codeOf(vector), limit * NEIGHBOUR_OVERSAMPLING, { except });
    const known = sources.embeddings.vectors(sources.space, keys);
    const scored = [...known].map(([key, other]) => ({ key, vector: other, score: dot(vector, other) }));
    const best = scored.sort((a, b) => b.score - a.score).slice(0, limit);
    const ids = sources.items.idsOf(best.map(({ key }) => key));
    return best.flatMap(({ key, ...one }) => {
      const id = ids.get(key);
      return id === undefined ? [] : { id, ...one };
    });
  });
}

export interface DuplicateLimits {
  /** Differing bits. */
  readonly hamming: number;
  /** Cosine, at least. */
  readonly cosine: number;
  readonly limit: number;
}

/** Other items with the same picture or one that looks nearly the same, the most alike first. */
export function findDuplicates(
  { id, sha256, vector }: Likeness,
  { hamming, cosine, limit }: DuplicateLimits,
  sources: Sources,
): NearDuplicate[] {
  const found = new Map<string, NearDuplicate>();
  if (vector) {
    const candidates = sources.codes.nearest(codeOf(vector), limit + 1, { radius: hamming });
    const ids = sources.items.idsOf([...candidates.keys]);
    for (const { key, score: likeness } of score(vector, [...candidates.keys], sources)) {
      const other = ids.get(key);
      if (other !== undefined && likeness >= cosine)
        found.set(other, { id: other, by: "look", score: likeness });
    }
  }
  if (sha256) {
    for (const twin of sources.items.withPicture(sha256, limit + 1)) {
      found.set(twin.id, { ...found.get(twin.id), id: twin.id, by: "picture" });
    }
  }
  found.delete(id);
  return [...found.values()].sort(byLikeness).slice(0, limit);
}

/** The same picture first, then by score. */
export function byLikeness(a: NearDuplicate, b: NearDuplicate): number {
  const worth = ({ by, score = 0 }: NearDuplicate) => (by === "picture" ? 2 : score);
  return worth(b) - worth(a) || (a.id < b.id ? -1 : 1);
}

interface Scored {
  readonly key: number;
  readonly score: number;
  /** Place among the candidates, from 0: the nearest by Hamming distance first. */
  readonly place: number;
}

/** Exact scores of candidates. */
function score(vector: Embedding, keys: readonly number[], { space, embeddings }: Sources): Scored[] {
  const vectors = embeddings.vectors(space, keys);
  return keys.flatMap((key, place) => {
    const other = vectors.get(key);
    return other ? [{ key, score: dot(vector, other), place }] : [];
  });
}

/**
 * Those that may be on the page: the best `k` after the place where it begins, and whatever equals the last of them
 * or that place in score, since their ids, which are looked up for these few only, decide.
 */
function shortlist(scored: Scored[], { k, after }: VectorQuery): Scored[] {
  const begin = after?.score ?? Number.POSITIVE_INFINITY;
  const rest = scored.filter((one) => one.score <= begin).sort((a, b) => b.score - a.score);
  const atBegin = rest.findIndex((one) => one.score < begin);
  const last = rest[Math.max(0, atBegin) + k - 1];
  return last && atBegin >= 0 ? rest.filter((one) => one.score >= last.score) : rest;
}
