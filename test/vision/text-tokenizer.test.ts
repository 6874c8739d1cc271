import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { TextTokenizer } from "../../src/vision/text-tokenizer.ts";

const MODEL = new URL("../../models/pinclip-text/", import.meta.url);
const { text } = JSON.parse(await readFile(new URL("manifest.json", MODEL), "utf8"));
const tokenizer = new TextTokenizer(await readFile(new URL(text.tokenizer.path, MODEL), "utf8"), text);

/** Text, how often it is repeated, its token numbers: see fixtures/tokens.py. */
const cases = JSON.parse(
  await readFile(new URL("fixtures/tokens.json", import.meta.url), "utf8"),
) as readonly [string, number, number[]][];

describe("TextTokenizer", () => {
  it("numbers 1,000 texts as Hugging Face's tokenizers do", () => {
    expect(cases).toHaveLength(1_000);
    const different = cases.filter(
      ([piece, times, ids]) => [...tokenizer.encode(piece.repeat(times))].join() !== ids.join(),
    );
    expect(different.map(([piece]) => piece)).toEqual([]);
  });

  it("cuts a long text before the token that marks its end", () => {
    const ids = tokenizer.encode("wooden chair ".repeat(800));
    expect(ids).toHaveLength(text.max_tokens);
    expect(ids.at(-1)).toBe(tokenizer.encode("").at(-1));
  });
});
