/** How many of the nearest codes are compared exactly. */
import { MAX_CANDIDATES } from "./kernels/layout.ts";
import { MAX_RESULT_WINDOW } from "./limits.ts";

/**
 * Codes compared exactly for every result wanted. On 8,000 photographs eight find 99.0 % of the true 100 nearest,
 * four 96.7 %, sixteen 99.8 %.
 */
export const OVERSAMPLING = 8;

/** At least so many: 256 find 99.8 % of the true 10 nearest photographs, 512 all; they cost 2 ms more. */
export const MIN_CANDIDATES = 512;

/**
 * What it adds to an item's score that it says every word of the query; a part of the words adds a part. Chosen on the
 * queries of `bench/words`, whose results say what it is worth.
 */
export const WORDS_COUNT = 0.2;

/** Items that say every word of the query and are compared exactly beside the nearest codes. */
export const WORD_CANDIDATES = 256;

/**
 * Candidates for the next `k` results after `seen` others.
 * A later page looks further, so that it does not run dry; what it then finds that would have belonged to an
 * earlier page is left out, so that no result ever comes twice or out of order.
 */
export function candidatesFor(k: number, seen: number): number {
  const wanted = Math.min(seen + k, MAX_RESULT_WINDOW) * OVERSAMPLING;
  return Math.min(MAX_CANDIDATES, Math.max(MIN_CANDIDATES, wanted));
}
