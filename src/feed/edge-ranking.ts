/** What ranks candidates at the edge: a model, and how it is asked. */
import type { FeedAction } from "./actions.ts";

/** What is known of the person who is to see the candidates. */
export interface RankingContext {
  /** Vectors of their medoids, of unit length, and their shares of all. */
  readonly interests: readonly { readonly vector: Float32Array; readonly importance: number }[];
  /** What they did, the latest first, then what they hid; `at` in milliseconds since 1970. */
  readonly actions: readonly {
    readonly vector: Float32Array;
    readonly action: FeedAction;
    readonly at: number;
  }[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface RankedCandidate {
  /** Unit length. */
  readonly vector: Float32Array;
  /** Cosine to what it was found by. */
  readonly similarity: number;
  /** Index of the interest that it was found by; −1 for none. */
  readonly interest: number;
}

export interface EdgeRanker {
  /** `name@revision`. */
  readonly model: string;
  /** Probabilities of `FEED_ACTIONS` for each candidate, row by row. */
  rank(candidates: readonly RankedCandidate[], context: RankingContext): Promise<Float32Array>;
}
