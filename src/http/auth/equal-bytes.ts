/** Comparison of secrets. */

/**
 * Whether two byte strings are equal. Looks at all bytes wherever the first difference is, so that the time it
 * takes says nothing of it; only lengths show.
 */
export function equalBytes(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference |= a[at]! ^ b[at]!;
  return difference === 0;
}
