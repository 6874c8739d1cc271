/** When waiting items are looked at again. */

/** Milliseconds. */
export type Millis = number;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A message reaches its consumer in seconds. After this long it is taken for lost, and another is sent. */
export const LOST_AFTER: Millis = 2 * MINUTE;

/** Where pictures come in faster than they are embedded, messages are late and not lost: ever fewer are sent again. */
const LATEST_RESEND: Millis = 64 * MINUTE;

/** Who took an item may work on it this long. A picture takes seconds, its fetching 10 s at most. */
export const CLAIM_FOR: Millis = 2 * MINUTE;

/** Pictures fail for good, or because something is down: for minutes at worst, so six attempts span half an hour. */
export const MAX_ATTEMPTS = 6;

const FIRST_RETRY: Millis = 30 * SECOND;
const LAST_RETRY: Millis = 15 * MINUTE;

/** Items that one alarm puts into the queue again, so that it stays a matter of milliseconds. */
export const ITEMS_PER_ALARM = 1_000;

/**
 * Items of a backlog that are under way at a time, in each space of a shard: enough to keep a consumer busy, and few
 * enough that what is written meanwhile need not wait long behind them.
 */
export const BACKLOG_AT_ONCE = 32;

/** Items in a message: they are fetched, embedded and written together. */
export const ITEMS_PER_MESSAGE = 8;

/** Messages that a queue takes at once. */
export const MESSAGES_PER_BATCH = 100;

/** How long to wait for what became of an item's n-th message from the shard (from 1), doubling. */
export function resendDelay(sends: number): Millis {
  return Math.min(LATEST_RESEND, LOST_AFTER * 2 ** (sends - 1));
}

/** How long to wait after the n-th attempt (from 1), doubling; nothing when it was the last. */
export function retryDelay(attempts: number): Millis | undefined {
  if (attempts >= MAX_ATTEMPTS) return undefined;
  return Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (attempts - 1));
}
