/** How many of the nearest codes are compared exactly. */

import { MAX_CANDIDATES } from "./kernels/layout.ts";
import { MAX_RESULT_WINDOW } from "./limits.ts";

/**
 * Codes compared exactly for every result wanted. Measured by `npm run bench -- search`.
 */
export const OVERSAMPLING = 8;

/** Fewer cost nothing less: below this, the scan takes longer than the comparison. */
export const MIN_CANDIDATES = 256;

/**
 * Candidates for the next `k` results after `seen` others.
 * A later page looks further, so that it does not run dry; what it then finds that would have belonged to an
 * earlier page is left out, so that no result ever comes twice or out of order.
 */
export function candidatesFor(k: number, seen: number): number {
  const wanted = Math.min(seen + k, MAX_RESULT_WINDOW) * OVERSAMPLING;
  return Math.min(MAX_CANDIDATES, Math.max(MIN_CANDIDATES, wanted));
}
