/**
 * Revisions for hosts whose versions are integers, such as NVIDIA Triton.
 *
 * A revision is 12 hex digits: read as one number it has 48 bits, which Triton's 64-bit versions and JavaScript's
 * numbers hold exactly. So a version names its revision, and a host that has another one cannot answer for it.
 */

const REVISION = /^[0-9a-f]{12}$/;
const REVISION_DIGITS = 12;
const LARGEST = 2 ** 48 - 1;

/**
 * The version in decimal digits.
 * @throws {RangeError} for what is no revision, and for 000000000000: Triton's versions start at 1.
 */
export function integerVersion(revision: string): string {
  const version = REVISION.test(revision) ? Number.parseInt(revision, 16) : 0;
  if (version > 0) return String(version);
  throw new RangeError(`"${revision}" is no revision that has an integer: 12 hex digits, not all of them 0.`);
}

/** The revision that a version stands for; `undefined` when it stands for none. */
export function revisionOfInteger(version: string): string | undefined {
  const number = /^[1-9]\d{0,15}$/.test(version) ? Number(version) : Number.NaN;
  return number <= LARGEST ? number.toString(16).padStart(REVISION_DIGITS, "0") : undefined;
}
