/** What the routes of the catalogue take on. Each figure has its reason beside it. */

/**
 * Lines of a batch. A Worker's request may call other services 1,000 times: a picture takes two calls, 64 lines
 * together one for each shard and one for the queue.
 */
export const MAX_BATCH_LINES = 400;

/** Items that may wait to be embedded before writes are refused: an hour's work for one slow model host. */
export const MAX_PENDING_ITEMS = 50_000;

/** How long the number of waiting items is trusted: counting them on every write would cost more than the write. */
export const BACKLOG_KNOWN_FOR_MS = 2_000;

/** When to come back after a refusal: by then some hundred items are done. */
export const BACKLOG_RETRY_SECONDS = 30;

/** Near-duplicates are counted up to so many items: each takes a scan of every shard. */
export const MAX_COUNTED_FOR_DUPLICATES = 2_000;

/** How long that count stands. */
export const DUPLICATES_KNOWN_FOR_MS = 60_000;

/** Items that one retry of all sends to be embedded again, in each shard. */
export const MAX_RETRIED_PER_SHARD = 1_000;

/** A filter as text in a query or form: 16 conditions of some values each. */
export const MAX_FILTER_LENGTH = 16_384;
