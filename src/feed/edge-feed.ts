/**
 * The edge path: a few interests (PinnerSage) and the latest action find candidates by binary codes, a small model
 * ranks them. Where that model is not there or does not answer, similarity and the interest's importance do.
 */
import type { Catalog } from "../catalog/catalog.ts";
import { neighboursOf } from "../catalog/neighbours.ts";
import type { Space } from "../catalog/shard/protocol.ts";
import { dot } from "../catalog/vector-index.ts";
import type { FeedState } from "../people/feed-memory.ts";
import { sampleInterests } from "../people/pinnersage.ts";
import { FEED_ACTIONS } from "./actions.ts";
import { longestAgo } from "./again.ts";
import type { Candidate, FeedContext } from "./candidate.ts";
import { diversified } from "./diversity.ts";
import type { EdgeRanker } from "./edge-ranker.ts";
import type { RankingCandidate, RankingContext } from "./features.ts";
import { CANDIDATES_PER_QUERY, DIVERSITY_POOL } from "./limits.ts";
import { type Taste, tasteOf } from "./taste.ts";
import { utilityOf } from "./utility.ts";

/** What is used of a ranker. */
export type Ranker = Pick<EdgeRanker, "model" | "rank">;

export interface EdgeFeedOptions {
  readonly catalog: Pick<Catalog, "serving" | "vectors" | "shards">;
  /** Ranks candidates of a space; nothing where no model knows its vectors. @default none: similarity orders */
  readonly rankerFor?: (space: Space) => Ranker | undefined;
  /** Numbers in [0, 1), to draw interests by. @default Math.random */
  readonly random?: () => number;
}

export interface EdgeAnswer {
  /** Best first. */
  readonly candidates: Candidate[];
  /** How many came into question. */
  readonly considered: number;
  /** Why no model ranked them, where one was there. */
  readonly rankerError?: unknown;
}

/** A candidate before it is ranked; when it was shown before, in milliseconds since 1970. */
type Found = RankingCandidate & { readonly id: string; readonly shownAt?: number };

/** For one page of one person. */
export class EdgeFeed {
  readonly #options: EdgeFeedOptions;
  readonly #state: FeedState;
  #known: Promise<Taste | undefined> | undefined;

  constructor(options: EdgeFeedOptions, state: FeedState) {
    this.#options = options;
    this.#state = state;
  }

  /**
   * What is near to somebody who has acted on items that have vectors; nothing for others.
   * @throws {CatalogUnavailableError}
   */
  run({ excluded }: FeedContext, wanted: number): Promise<EdgeAnswer> {
    return this.#answer((taste) => this.#near(taste, excluded), wanted);
  }

  /**
   * The same of what they were shown the longest ago, for who has seen all that is near to them.
   * @throws {CatalogUnavailableError}
   */
  again(context: FeedContext, wanted: number): Promise<EdgeAnswer> {
    return this.#answer((taste) => this.#seen(taste, context, wanted), wanted);
  }

  async #answer(find: (taste: Taste) => Promise<Found[]>, wanted: number): Promise<EdgeAnswer> {
    // Once for all that a page asks.
    this.#known ??= tasteOf(this.#state, this.#options.catalog);
    const taste = await this.#known;
    if (!taste) return { candidates: [], considered: 0 };
    const { space, actions, interests, context } = taste;
    const found = await find(taste);
    const { probabilities, model, error } = await ranked(this.#options.rankerFor?.(space), found, context);
    const scored = found.map((one, at) => {
      const own = probabilities?.subarray(at * FEED_ACTIONS.length, (at + 1) * FEED_ACTIONS.length);
      const relevance = own ? utilityOf(own) : one.similarity * interests[one.interest]!.importance;
      return { ...one, relevance, own };
    });
    const pool = scored.sort((a, b) => b.relevance - a.relevance).slice(0, wanted * DIVERSITY_POOL);
    const candidates = diversified(pool, wanted).map(
      ({ id, similarity, interest, shownAt, relevance, own }) => ({
        id,
        path: "edge" as const,
        utility: relevance,
        similarity,
        interest: {
          medoid: actions[interests[interest]!.medoid]!.item,
          importance: interests[interest]!.importance,
        },
        ...(shownAt !== undefined && { shownAt }),
        ...(own && { probabilities: own, model }),
      }),
    );
    return { candidates, considered: found.length, ...(error !== undefined && { rankerError: error }) };
  }

  /** Near to interests drawn by importance, and to the latest action: each once, by what it is nearest to. */
  async #near(taste: Taste, excluded: ReadonlySet<string>): Promise<Found[]> {
    const { actions, interests, space } = taste;
    const drawn = sampleInterests(interests, undefined, this.#options.random);
    const queries = [
      ...drawn.map((one) => ({ interest: interests.indexOf(one), vector: actions[one.medoid]!.vector })),
      latestOf(taste),
    ];
    const lists = await neighboursOf(this.#options.catalog.shards, space, {
      vectors: queries.map(({ vector }) => vector),
      limit: CANDIDATES_PER_QUERY,
      exclude: [...excluded],
    });
    const best = new Map<string, Found>();
    for (const [at, list] of lists.entries()) {
      for (const { id, vector, score } of list) {
        if (score <= (best.get(id)?.similarity ?? -Infinity)) continue;
        best.set(id, { id, vector, similarity: score, interest: queries[at]!.interest });
      }
    }
    return [...best.values()];
  }

  /** Shown the longest ago, each by the interest that it is nearest to, or by the latest action. */
  async #seen(taste: Taste, context: FeedContext, wanted: number): Promise<Found[]> {
    const { actions, interests, space } = taste;
    const shown = longestAgo(context, wanted);
    const ids = shown.map(({ item }) => item);
    const vectors = await this.#options.catalog.vectors(ids, space);
    const queries = [
      ...interests.map(({ medoid }, interest) => ({ interest, vector: actions[medoid]!.vector })),
      latestOf(taste),
    ];
    return shown.flatMap(({ item: id, at: shownAt }, at) => {
      const vector = vectors[at];
      if (!vector) return [];
      const likeness = queries.map((query) => ({
        interest: query.interest,
        similarity: dot(query.vector, vector),
      }));
      const nearest = likeness.reduce((best, one) => (one.similarity > best.similarity ? one : best));
      return { id, vector, shownAt, ...nearest };
    });
  }
}

/** The latest action as a query, for the interest that it belongs to. */
function latestOf({ actions, interests }: Taste) {
  const interest = interests.findIndex(({ members }) => members.includes(0));
  return { interest, vector: actions[0]!.vector };
}

interface Ranked {
  readonly probabilities?: Float32Array;
  readonly model?: string;
  readonly error?: unknown;
}

/** What the model says of candidates; nothing without one, or when it fails or says what cannot be. */
async function ranked(
  ranker: Ranker | undefined,
  candidates: readonly RankingCandidate[],
  context: RankingContext,
): Promise<Ranked> {
  if (!ranker || candidates.length === 0) return {};
  try {
    const probabilities = await ranker.rank(candidates, context);
    const fits = probabilities.length === candidates.length * FEED_ACTIONS.length;
    if (!fits || !probabilities.every((one) => one >= 0 && one <= 1)) {
      throw new RangeError(`${ranker.model} answered what are no probabilities`);
    }
    return { probabilities, model: ranker.model };
  } catch (error) {
    return { error };
  }
}
