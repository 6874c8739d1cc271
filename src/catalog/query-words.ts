/** The words of a query that items' own texts are looked through for. */

/** More say nothing that the query's vector does not. */
export const MAX_QUERY_WORDS = 16;

/** What an item's text has with any query. */
const EMPTY: ReadonlySet<string> = new Set(
  "a an and any for from in is of on or some that the this to with without".split(" "),
);

/** Distinct words of a text, in lower case, in their order, without those that say nothing. */
export function queryWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words)].filter((word) => !EMPTY.has(word)).slice(0, MAX_QUERY_WORDS);
}
