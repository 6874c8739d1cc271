/** When to try again, and how long to wait before. */
import { ConnectionError, ProblemError } from "./errors.ts";

/** 429: too often. 502, 504: something on the way failed. 503: too busy, or a part is restarting. */
const RETRY_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Refused before anything was done: even what must not be done twice may be sent again. */
const UNTOUCHED_STATUSES: ReadonlySet<number> = new Set([429, 503]);

/** Seconds before the first retry; it doubles with each. */
const FIRST_WAIT = 0.5;
const LONGEST_WAIT = 20;

/** Seconds that `retry-after` may ask for; whoever is sent away for longer should know. */
export const LONGEST_RETRY_AFTER = 90;

/** @param repeatable doing it twice is the same as doing it once */
export function mayRetry(error: unknown, repeatable: boolean): boolean {
  if (error instanceof ConnectionError) return repeatable;
  if (!(error instanceof ProblemError)) return false;
  if ((error.retryAfter ?? 0) > LONGEST_RETRY_AFTER) return false;
  return (repeatable ? RETRY_STATUSES : UNTOUCHED_STATUSES).has(error.status);
}

/** Seconds to wait after the n-th attempt (from 1): as the server says, and never all clients at the same moment. */
export function waitAfter(
  attempt: number,
  retryAfter: number | undefined,
  random: () => number = Math.random,
): number {
  const backOff = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1));
  return retryAfter === undefined ? backOff * (0.5 + random() / 2) : retryAfter + random() * FIRST_WAIT;
}

/** Sleeps. @throws the signal's reason when it aborts */
export function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, seconds * 1000);
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}
