/**
 * What the edge ranker knows of a candidate and of who is to see it. Training reads what this file computes
 * (models/feed-ranker/examples.ts), so that it cannot differ from serving. Scaling is inside the model.
 */
import type { FeedAction } from "./actions.ts";

/** What is known of a person at a moment. */
export interface RankingContext {
  /** Vectors of their medoids, unit length; importances count as shares of their sum. */
  readonly interests: readonly { readonly vector: Float32Array; readonly importance: number }[];
  /** What they did, the latest first: vectors of unit length, `at` in milliseconds since 1970. Hides among it. */
  readonly actions: readonly {
    readonly vector: Float32Array;
    readonly action: FeedAction;
    readonly at: number;
  }[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface RankingCandidate {
  /** Unit length. */
  readonly vector: Float32Array;
  /** Cosine to what it was found by. */
  readonly similarity: number;
  /** Index of the interest that it was found by; −1 for none. */
  readonly interest: number;
}

/** Columns, in the order of the model's input. Similarities are cosines; what is not there counts 0. */
export const FEATURES = [
  /** To the medoid of the interest that it was found by, and that interest's share. */
  "interest_similarity",
  "interest_importance",
  /** To the nearest medoid, and to all weighted by their shares. */
  "nearest_interest_similarity",
  "interests_similarity",
  /** To the latest action, and the largest to the last {@link RECENT_ACTIONS}. */
  "latest_similarity",
  "recent_similarity",
  /** To the mean of what was saved and bought. */
  "kept_similarity",
  /** The largest to the last {@link HIDDEN_ITEMS} hidden items. */
  "hidden_similarity",
  /** Cosine to what it was found by. */
  "retrieval_similarity",
  /** ln(1 + actions), hides left out, at most {@link COUNTED_ACTIONS}. */
  "log_actions",
  /** ln(1 + hours since the latest action), hides left out. */
  "log_hours",
] as const;

export const RECENT_ACTIONS = 10;
export const HIDDEN_ITEMS = 20;

/** More say nothing new, and who serves may give no more. */
export const COUNTED_ACTIONS = 256;

const HOUR_MS = 3_600_000;

/**
 * Features of candidates for one person, `candidates.length`×`FEATURES.length`.
 * @throws RangeError when vectors differ in length, or a candidate names an interest that is not there
 */
export function featuresOf(candidates: readonly RankingCandidate[], context: RankingContext): Float32Array {
  const rows = new Float32Array(candidates.length * FEATURES.length);
  if (candidates.length === 0) return rows;
  const dimensions = candidates[0]!.vector.length;
  const { interests, actions, now } = context;
  for (const { vector } of [...candidates, ...interests, ...actions]) {
    if (vector.length !== dimensions) throw new RangeError(`vectors of ${vector.length} and ${dimensions}`);
  }
  const liked = actions.filter(({ action }) => action !== "hide").slice(0, COUNTED_ACTIONS);
  const recent = liked.slice(0, RECENT_ACTIONS);
  const hidden = actions.filter(({ action }) => action === "hide").slice(0, HIDDEN_ITEMS);
  const kept = meanOf(
    liked.filter(({ action }) => action === "save" || action === "purchase"),
    dimensions,
  );
  const total = interests.reduce((sum, { importance }) => sum + importance, 0);
  const shares = interests.map(({ importance }) => (total > 0 ? importance / total : 0));
  const logActions = Math.log1p(liked.length);
  const logHours = liked[0] ? Math.log1p(Math.max(0, now - liked[0].at) / HOUR_MS) : 0;
  for (const [at, { vector, similarity, interest }] of candidates.entries()) {
    if (interest !== -1 && !interests[interest]) throw new RangeError(`there is no interest ${interest}`);
    const toInterests = interests.map((one) => dot(one.vector, vector));
    rows.set(
      [
        interest < 0 ? 0 : toInterests[interest]!,
        interest < 0 ? 0 : shares[interest]!,
        largest(toInterests),
        toInterests.reduce((sum, cosine, one) => sum + cosine * shares[one]!, 0),
        recent[0] ? dot(recent[0].vector, vector) : 0,
        largest(recent.map((one) => dot(one.vector, vector))),
        kept ? dot(kept, vector) : 0,
        largest(hidden.map((one) => dot(one.vector, vector))),
        similarity,
        logActions,
        logHours,
      ],
      at * FEATURES.length,
    );
  }
  return rows;
}

/** The largest of cosines; 0 when there are none. */
function largest(cosines: readonly number[]): number {
  return cosines.length === 0 ? 0 : Math.max(...cosines);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** The mean scaled to unit length; nothing when there is none, or it has no direction. */
function meanOf(
  rows: readonly { readonly vector: Float32Array }[],
  dimensions: number,
): Float32Array | undefined {
  const mean = new Float32Array(dimensions);
  for (const { vector } of rows) for (let at = 0; at < dimensions; at++) mean[at]! += vector[at]!;
  const length = Math.sqrt(dot(mean, mean));
  return length > 0 ? mean.map((value) => value / length) : undefined;
}
