import { describe, expect, test } from "vitest";
import { MAX_FILTER_VALUES, MAX_LOOK_LENGTH } from "../../../src/catalog/limits.ts";
import { searchFromForm, searchFromJson } from "../../../src/http/catalog/search-order.ts";
import { SearchForm, SearchRequest } from "../../../src/http/schemas/search.ts";
import { InvalidRequestError } from "../../../src/http/validation.ts";

const json = (body: object) => searchFromJson(SearchRequest.parse({ item: "a", ...body })).looks;
const form = (look?: string) =>
  searchFromForm(SearchForm.parse({ image: new Blob(["x"]), ...(look !== undefined && { look }) })).looks;

describe("the look gate of a search", () => {
  test("is one look category or several, in JSON and as text", () => {
    expect(json({})).toBeUndefined();
    expect(json({ look: "chair" })).toEqual(["chair"]);
    expect(json({ look: ["chair", "sofa"] })).toEqual(["chair", "sofa"]);
    expect(form()).toBeUndefined();
    expect(form("chair")).toEqual(["chair"]);
    expect(form("chair,sofa")).toEqual(["chair", "sofa"]);
  });

  test("has limits", () => {
    const many = Array.from({ length: MAX_FILTER_VALUES + 1 }, (_, n) => `look-${n}`);
    const long = "x".repeat(MAX_LOOK_LENGTH + 1);
    for (const look of [many, [], "", long]) {
      expect(SearchRequest.safeParse({ item: "a", look }).success).toBe(false);
    }
    for (const look of [many.join(), "", long, "chair,,sofa"]) {
      expect(() => form(look)).toThrow(InvalidRequestError);
    }
  });
});
