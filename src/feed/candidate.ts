/** What a path of the feed comes up with, and what it is told. */
import type { FeedState } from "../people/feed-memory.ts";

export const FEED_PATHS = ["origin", "edge", "cold"] as const;
export type FeedPath = (typeof FEED_PATHS)[number];

/** Something that may be shown. */
export interface Candidate {
  readonly id: string;
  readonly path: FeedPath;
  /** Of `FEED_ACTIONS`, in that order, where a model says them. */
  readonly probabilities?: ArrayLike<number>;
  /** What candidates of this path are ordered by, where that is a number. */
  readonly utility?: number;
  /** `name@revision` of the model that says the probabilities. */
  readonly model?: string;
  /** Cosine to what it was found by. */
  readonly similarity?: number;
  /** The interest that it was found by. */
  readonly interest?: { readonly medoid: string; readonly importance: number };
  /** It was shown before, and nothing new is left: when, in milliseconds since 1970. */
  readonly shownAt?: number;
}

/** Whose slate it is. */
export interface FeedContext {
  readonly user: string;
  readonly surface: string;
  readonly state: FeedState;
  /** When the first page of this feed was asked for, in milliseconds since 1970. */
  readonly started: number;
  /**
   * Items that are not to be among the candidates: acted on, shown, hidden, or on this page already; those that a path
   * would most likely answer come first.
   */
  readonly excluded: ReadonlySet<string>;
}
