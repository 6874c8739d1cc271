/** Words of items and queries, by their stems: `chairs` is `chair`. */
import { stemmer } from "stemmer";

/** More words of a query say nothing that its vector does not. */
export const MAX_QUERY_STEMS = 16;

/** Stems of an item that are kept: its title, category and attributes, and the beginning of a long description. */
export const MAX_ITEM_STEMS = 256;

/** What any text has with any query. */
const EMPTY: ReadonlySet<string> = new Set(
  "a an and any for from in is of on or some that the this to with without".split(" "),
);

/** Distinct stems of a text in their order, without accents, and without words that say nothing. */
export function stemsOf(text: string, most: number): string[] {
  const plain = text.toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "");
  const stems = new Set<string>();
  for (const [word] of plain.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (EMPTY.has(word)) continue;
    stems.add(stemmer(word));
    if (stems.size === most) break;
  }
  return [...stems];
}
