import { describe, expect, it } from "vitest";
import { MAX_QUERY_WORDS, queryWords } from "../../src/catalog/query-words.ts";

describe("the words of a query", () => {
  it.each([
    ["Red dress", ["red", "dress"]],
    ["a chair in OAK, with arms", ["chair", "oak", "arms"]],
    ["red red Red", ["red"]],
    [
      '"OR" NOT dress* (near) col:umn',
      ["or", "not", "dress", "near", "col", "umn"].filter((one) => one !== "or"),
    ],
    ["chaise à bascule", ["chaise", "à", "bascule"]],
    ["赤い ドレス", ["赤い", "ドレス"]],
    ["the and of", []],
    ["!?", []],
  ])("%j are %j", (text, words) => {
    expect(queryWords(text)).toEqual(words);
  });

  it("are some only of a long text", () => {
    const text = Array.from({ length: 100 }, (_, n) => `word${n}`).join(" ");
    expect(queryWords(text)).toHaveLength(MAX_QUERY_WORDS);
  });
});
