import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LONGEST_WORD, MAX_CHARACTERS, ngramIds } from "../../src/catalog/ngrams.ts";

const fixture: { text: string; ids: number[] }[] = JSON.parse(
  readFileSync(new URL("../fixtures/ngrams.json", import.meta.url), "utf8"),
);

/** As the recipe trains it. */
const MOST = 256;

test("the n-grams of 200 texts are those that the model was trained on", () => {
  expect(fixture).toHaveLength(200);
  for (const { text, ids } of fixture) expect(ngramIds(text, MOST), JSON.stringify(text)).toEqual(ids);
});

test("a text has no more n-grams than asked for, and its words come first", () => {
  const all = ngramIds("red dress", MOST);
  expect(all).toHaveLength(2 + 1 + 3 + 5);
  expect(ngramIds("red dress", 2)).toEqual(all.slice(0, 2));
  expect(ngramIds("red", 1)).toEqual(all.slice(0, 1));
  expect(ngramIds("red dress", 0)).toEqual([]);
});

test("what follows the limits is not read", () => {
  expect(ngramIds(`${" ".repeat(MAX_CHARACTERS)}late`, MOST)).toEqual([]);
  expect(ngramIds(`${"👗".repeat(MAX_CHARACTERS - 1)}a late`, MOST)).toEqual(ngramIds("a", MOST));
  expect(ngramIds("a".repeat(LONGEST_WORD + 9), MOST)).toEqual(ngramIds("a".repeat(LONGEST_WORD), MOST));
});

test("broken UTF-16 is text like any other", () => {
  expect(ngramIds("red \ud83d dress", MOST)).toEqual(ngramIds("red ☐ dress", MOST));
});
