import { describe, expect, it } from "vitest";
import { MAX_QUERY_STEMS, stemsOf } from "../../src/catalog/stems.ts";

describe("the stems of a text", () => {
  it.each([
    ["Red dresses", ["red", "dress"]],
    ["a chair in OAK, with arms", ["chair", "oak", "arm"]],
    ["chairs chair CHAIR", ["chair"]],
    ['"OR" NOT dress* (near) col:umn', ["not", "dress", "near", "col", "umn"]],
    ["chaise à bascule", ["chais", "bascul"]],
    ["café", ["cafe"]],
    ["赤い ドレス", ["赤い", "トレス"]],
    ["the and of", []],
    ["!?", []],
  ])("%j are %j", (text, stems) => {
    expect(stemsOf(text, MAX_QUERY_STEMS)).toEqual(stems);
  });

  it("are some only of a long text", () => {
    const text = Array.from({ length: 100 }, (_, n) => `word${n}`).join(" ");
    expect(stemsOf(text, MAX_QUERY_STEMS)).toHaveLength(MAX_QUERY_STEMS);
  });
});
