/**
 * The edge path: a few interests (PinnerSage) and the latest action find candidates by binary codes, a small model
 * ranks them. Where that model is not there or does not answer, similarity and the interest's importance do.
 */
import type { Catalog } from "../catalog/catalog.ts";
import { neighboursOf } from "../catalog/neighbours.ts";
import type { Space } from "../catalog/shard/protocol.ts";
import { DIMENSIONS } from "../catalog/vector-index.ts";
import { WEIGHTS } from "../people/event.ts";
import type { KeptAction } from "../people/feed-memory.ts";
import { type Interest, interestsOf, sampleInterests } from "../people/pinnersage.ts";
import { FEED_ACTIONS } from "./actions.ts";
import type { Candidate, FeedContext } from "./candidate.ts";
import { diversified } from "./diversity.ts";
import type { EdgeRanker } from "./edge-ranker.ts";
import type { RankingCandidate, RankingContext } from "./features.ts";
import { type LikedAction, likedActions } from "./history.ts";
import { CANDIDATES_PER_QUERY, CLUSTERED_ACTIONS, DIVERSITY_POOL, RANKED_HIDES } from "./limits.ts";
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

/** An action with its item's vector. */
type Known<Action> = Action & { readonly vector: Float32Array<ArrayBuffer> };
type KnownAction = Known<LikedAction>;

export class EdgeFeed {
  readonly #options: EdgeFeedOptions;

  constructor(options: EdgeFeedOptions) {
    this.#options = options;
  }

  /**
   * Candidates for somebody who has acted on items that have vectors; none for others.
   * @throws {CatalogUnavailableError}
   */
  async run({ state, excluded }: FeedContext, wanted: number): Promise<EdgeAnswer> {
    const { catalog, rankerFor } = this.#options;
    const serving = await catalog.serving();
    const space = serving.item ?? serving.picture;
    const liked = likedActions(state.actions).slice(0, CLUSTERED_ACTIONS);
    if (liked.length === 0) return { candidates: [], considered: 0 };
    const hides = state.actions.filter(({ action }) => action === "hide").slice(0, RANKED_HIDES);
    const vectors = await this.#vectors([...liked, ...hides], space);
    const actions = known(liked, vectors);
    if (actions.length === 0) return { candidates: [], considered: 0 };
    const interests = clustered(actions, space, state.now);
    const found = await this.#candidates(actions, interests, space, excluded);
    const context: RankingContext = {
      interests: interests.map(({ medoid, importance }) => ({ vector: actions[medoid]!.vector, importance })),
      actions: [...actions, ...known(hides, vectors)],
      now: state.now,
    };
    const { probabilities, model, error } = await ranked(rankerFor?.(space), found, context);
    const scored = found.map((one, at) => {
      const own = probabilities?.subarray(at * FEED_ACTIONS.length, (at + 1) * FEED_ACTIONS.length);
      const interest = interests[one.interest]!;
      const relevance = own ? utilityOf(own) : one.similarity * interest.importance;
      return { ...one, relevance, own };
    });
    const pool = scored.sort((a, b) => b.relevance - a.relevance).slice(0, wanted * DIVERSITY_POOL);
    const candidates = diversified(pool, wanted).map(({ id, similarity, interest, relevance, own }) => ({
      id,
      path: "edge" as const,
      utility: relevance,
      similarity,
      interest: {
        medoid: actions[interests[interest]!.medoid]!.item,
        importance: interests[interest]!.importance,
      },
      ...(own && { probabilities: own, model }),
    }));
    return { candidates, considered: found.length, ...(error !== undefined && { rankerError: error }) };
  }

  async #vectors(actions: readonly KeptAction[], space: Space): Promise<Vectors> {
    const ids = [...new Set(actions.map(({ item }) => item))];
    const vectors = await this.#options.catalog.vectors(ids, space);
    return new Map(ids.map((id, at) => [id, vectors[at]]));
  }

  /** Near to interests drawn by importance, and to the latest action: each once, by what it is nearest to. */
  async #candidates(
    actions: readonly KnownAction[],
    interests: readonly Interest[],
    space: Space,
    excluded: ReadonlySet<string>,
  ): Promise<(RankingCandidate & { readonly id: string })[]> {
    const drawn = sampleInterests(interests, undefined, this.#options.random);
    const latest = interests.findIndex(({ members }) => members.includes(0));
    const queries = [
      ...drawn.map((one) => ({ interest: interests.indexOf(one), vector: actions[one.medoid]!.vector })),
      { interest: latest, vector: actions[0]!.vector },
    ];
    const lists = await neighboursOf(this.#options.catalog.shards, space, {
      vectors: queries.map(({ vector }) => vector),
      limit: CANDIDATES_PER_QUERY,
      exclude: [...excluded],
    });
    const best = new Map<string, RankingCandidate & { readonly id: string }>();
    for (const [at, list] of lists.entries()) {
      for (const { id, vector, score } of list) {
        if (score <= (best.get(id)?.similarity ?? -Infinity)) continue;
        best.set(id, { id, vector, similarity: score, interest: queries[at]!.interest });
      }
    }
    return [...best.values()];
  }
}

type Vectors = ReadonlyMap<string, Float32Array<ArrayBuffer> | undefined>;

/** Actions on items that have vectors, with these. */
function known<Action extends KeptAction>(actions: readonly Action[], vectors: Vectors): Known<Action>[] {
  return actions.flatMap((action) => {
    const vector = vectors.get(action.item);
    return vector ? { ...action, vector } : [];
  });
}

function clustered(
  actions: readonly KnownAction[],
  { dimensions = DIMENSIONS }: Space,
  now: number,
): Interest[] {
  const vectors = new Float32Array(actions.length * dimensions);
  for (const [at, { vector }] of actions.entries()) vectors.set(vector, at * dimensions);
  const weighed = actions.map(({ at, action }) => ({ at, weight: WEIGHTS[action] }));
  const interests = interestsOf(vectors, dimensions, weighed, { now });
  const total = interests.reduce((sum, { importance }) => sum + importance, 0);
  return interests.map((one) => ({ ...one, importance: total > 0 ? one.importance / total : 0 }));
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
