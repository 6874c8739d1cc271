/** Text to hashed n-grams: word unigrams, word bigrams and character trigrams. The twin of models/training/ngrams.py. */

/** Code points of a field that are read; what follows is not. Bounds the work on hostile text. */
export const MAX_CHARACTERS = 4_096;

/** Code points of a word; the rest of a longer one is dropped. */
export const LONGEST_WORD = 64;

const RUNS = /[\p{L}\p{M}\p{N}]+/gu;
const utf8 = new TextEncoder();

/**
 * Hashes of the first `most` different n-grams of a text, in 1 … 2³¹ − 1: words first, then pairs of words, then
 * trigrams of characters.
 */
export function ngramIds(text: string, most: number): number[] {
  const different = new Set<string>();
  for (const ngram of ngrams(text)) {
    if (different.size === most) break;
    different.add(ngram);
  }
  return Array.from(different, hashOf);
}

/** Runs of letters, marks and digits, in lower case and compatibility form (NFKC), each as its code points. */
function words(text: string): string[][] {
  // The cut comes first: normalising is what costs, and one character may become eighteen.
  const folded = firstCharacters(text, MAX_CHARACTERS).normalize("NFKC").toLowerCase();
  return Array.from(folded.matchAll(RUNS), ([run]) => Array.from(run).slice(0, LONGEST_WORD));
}

/** `1`, `2` or `3` and the n-gram. Trigrams see where a word begins and ends: `<re`, `red`, `ed>`. */
function* ngrams(text: string): Generator<string> {
  const found = words(text);
  const joined = found.map((word) => word.join(""));
  for (const word of joined) yield `1${word}`;
  for (let at = 1; at < joined.length; at++) yield `2${joined[at - 1]} ${joined[at]}`;
  for (const word of found) {
    const marked = ["<", ...word, ">"];
    for (let at = 2; at < marked.length; at++) yield `3${marked[at - 2]}${marked[at - 1]}${marked[at]}`;
  }
}

/** FNV-1a over UTF-8 with a final mix; 0 stands for no n-gram. */
function hashOf(ngram: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8.encode(ngram)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash & 0x7fffffff || 1;
}

/** The first `count` code points. */
function firstCharacters(text: string, count: number): string {
  if (text.length <= count) return text;
  // A code point has at most two units.
  return Array.from(text.slice(0, 2 * count))
    .slice(0, count)
    .join("");
}
