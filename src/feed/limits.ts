/** Limits of the feed. Each has a test. */

/** Milliseconds for the cascade on the origin; then the edge answers. A deployment may set another (`FEED_ORIGIN_DEADLINE`). */
export const FEED_ORIGIN_DEADLINE_MS = 150;

/** The longest deadline that a deployment may set: people wait for the feed while they look at an empty page. */
export const MAX_FEED_ORIGIN_DEADLINE_MS = 5_000;

/** Milliseconds for the edge ranker; then similarity orders. Its first inference after a start loads the model. */
export const FEED_RANKER_DEADLINE_MS = 150;

/** Failures in a row after which the origin is left alone: five people in a row waited for nothing. */
export const FEED_BREAKER_FAILURES = 5;

/** Milliseconds until the origin is tried again, by one request. */
export const FEED_BREAKER_COOL_DOWN_MS = 5_000;

/** Items of one page. */
export const MAX_FEED_ITEMS = 50;
export const DEFAULT_FEED_ITEMS = 20;

/** Candidates that are asked for, for every item wanted: some may have left the catalogue since. */
export const FEED_OVERFETCH = 2;

/**
 * Candidates that the cascade ranks at least, however few are wanted: ranking could choose among nothing otherwise. On
 * a CPU they cost about as much as 40.
 */
export const RANKED_CANDIDATES = 128;

/** Ranked items that the origin answers at most: candidates of the shipped model. */
export const MAX_ORIGIN_ITEMS = 656;

/** Items that the origin is told not to answer: it takes no more. What it answers in spite of it is left out here. */
export const MAX_ORIGIN_EXCLUDED = 6_000;

/** Tokens of a history: as many as the shipped model reads. */
export const MAX_HISTORY_TOKENS = 256;

/** Actions on an item without a slate are one moment when no more than this lies between them, in milliseconds. */
export const MOMENT_MS = 30 * 60_000;

/** Actions that are clustered for the edge path, the latest: PinnerSage takes 10 ms for them, and 150 ms for all kept. */
export const CLUSTERED_ACTIONS = 256;

/** Hides that the ranker hears of, the latest. */
export const RANKED_HIDES = 20;

/** Candidates for each interest and for the latest action: PinnerSage's 400 over four queries. */
export const CANDIDATES_PER_QUERY = 100;

/** Items shown before that are ranked to come again, those of the longest ago: as many as the edge ranks of new ones. */
export const AGAIN_CANDIDATES = 400;

/** What is kept of the candidates, by utility, to choose a diverse slate from: for every item wanted. */
export const DIVERSITY_POOL = 4;
