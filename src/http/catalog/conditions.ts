/** Conditional writes: `if-match` and `if-none-match` mean versions of items. */
import { InvalidRequestError } from "../validation.ts";

/** The entity tag of an item's version. Its state is not part of it: nobody writes that. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

export interface ConditionHeaders {
  readonly "if-match"?: string | undefined;
  readonly "if-none-match"?: "*" | undefined;
}

/**
 * The version that the item must have: 0 for none, nothing when any will do.
 * @throws {InvalidRequestError} for a tag that is no version
 */
export function requiredVersion(headers: ConditionHeaders): number | undefined {
  if (headers["if-none-match"] === "*") return 0;
  const tag = headers["if-match"];
  if (tag === undefined) return undefined;
  const [, version] = /^"(\d{1,15})"$/.exec(tag.trim()) ?? [];
  if (version === undefined) {
    throw new InvalidRequestError('if-match takes one version, as in "3".', "if-match");
  }
  return Number(version);
}
