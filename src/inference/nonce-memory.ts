/** Remembers which requests were seen, for long enough and in bounded memory. */
import { TooManyRequestsError } from "./errors.ts";

/** Most nonces of one period: 2,000 requests a second for two minutes. About 100 bytes each, in two sets: 50 MB. */
export const MAX_NONCES = 250_000;

/**
 * Two sets that swap: what comes in goes into the younger one, and each period the older one is dropped. So a nonce
 * is remembered for one period at least and two at most, and forgetting costs nothing.
 */
export class NonceMemory {
  readonly #periodMs: number;
  readonly #most: number;
  #younger = new Set<string>();
  #older = new Set<string>();
  #since = Number.NEGATIVE_INFINITY;

  /** @param periodMs shortest time that a nonce is remembered, in milliseconds */
  constructor(periodMs: number, most = MAX_NONCES) {
    this.#periodMs = periodMs;
    this.#most = most;
  }

  /**
   * Whether a nonce is seen for the first time; from now on it is not.
   * @throws {TooManyRequestsError} when the period has seen as many as can be remembered: one that is not
   *   remembered could be sent again.
   */
  isNew(nonce: string, now: number): boolean {
    this.#swap(now);
    if (this.#younger.has(nonce) || this.#older.has(nonce)) return false;
    if (this.#younger.size >= this.#most) {
      const leftMs = this.#since + this.#periodMs - now;
      throw new TooManyRequestsError(Math.max(1, Math.ceil(leftMs / 1000)));
    }
    this.#younger.add(nonce);
    return true;
  }

  #swap(now: number): void {
    const age = now - this.#since;
    if (age < this.#periodMs) return;
    const isRecent = age < 2 * this.#periodMs;
    this.#older = isRecent ? this.#younger : new Set();
    this.#younger = new Set();
    this.#since = isRecent ? this.#since + this.#periodMs : now;
  }
}
