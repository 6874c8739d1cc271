import { describe, expect, test } from "vitest";
import { Filter } from "../../src/catalog/filter.ts";
import { ItemBody, ItemFields, ItemId, ItemLine } from "../../src/catalog/item.ts";
import {
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_ATTRIBUTE_VALUE_LENGTH,
  MAX_ATTRIBUTE_VALUES,
  MAX_ATTRIBUTES,
  MAX_CATEGORY_LENGTH,
  MAX_DESCRIPTION_LENGTH,
  MAX_FILTER_CONDITIONS,
  MAX_FILTER_VALUES,
  MAX_ID_LENGTH,
  MAX_ITEM_BYTES,
  MAX_LINK_LENGTH,
  MAX_PRICE,
  MAX_TITLE_LENGTH,
} from "../../src/catalog/limits.ts";

const fits = (fields: unknown) => ItemFields.safeParse(fields).success;
const filters = (filter: unknown) => Filter.safeParse(filter).success;

/** `count` attributes with short values. */
function attributes(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`attribute-${n}`, "x"]));
}

describe("items", () => {
  test.each(["a", "A-1", "0", "sku.12_3:4~5", "a".repeat(MAX_ID_LENGTH)])("%s is an id", (id) => {
    expect(ItemId.safeParse(id).success).toBe(true);
  });

  test.each(["", ".", "..", "-a", "a b", "a/b", "ä", "a\n", "%20", "a".repeat(MAX_ID_LENGTH + 1)])(
    "%j is no id",
    (id) => {
      expect(ItemId.safeParse(id).success).toBe(false);
    },
  );

  const limits: [string, (size: number) => unknown, number][] = [
    ["title", (size) => ({ title: "x".repeat(size) }), MAX_TITLE_LENGTH],
    ["description", (size) => ({ description: "x".repeat(size) }), MAX_DESCRIPTION_LENGTH],
    ["category", (size) => ({ category: "x".repeat(size) }), MAX_CATEGORY_LENGTH],
    ["link", (size) => ({ link: `https://a.example/${"x".repeat(size - 18)}` }), MAX_LINK_LENGTH],
    ["price", (size) => ({ price: size }), MAX_PRICE],
    ["number of attributes", (size) => ({ attributes: attributes(size) }), MAX_ATTRIBUTES],
    [
      "name of an attribute",
      (size) => ({ attributes: { ["x".repeat(size)]: 1 } }),
      MAX_ATTRIBUTE_NAME_LENGTH,
    ],
    [
      "value of an attribute",
      (size) => ({ attributes: { a: "x".repeat(size) } }),
      MAX_ATTRIBUTE_VALUE_LENGTH,
    ],
    [
      "values of an attribute",
      (size) => ({ attributes: { a: Array(size).fill("x") } }),
      MAX_ATTRIBUTE_VALUES,
    ],
  ];
  test.each(limits)("the %s has its limit", (_, fields, limit) => {
    expect([fits(fields(limit)), fits(fields(limit + 1))]).toEqual([true, false]);
  });

  test("all fields together have a limit in bytes", () => {
    const item = (count: number) => ({
      attributes: Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`a${n}`, "ä".repeat(MAX_ATTRIBUTE_VALUE_LENGTH)]),
      ),
    });
    const most = Math.floor(MAX_ITEM_BYTES / (MAX_ATTRIBUTE_VALUE_LENGTH * 2 + 10));
    expect([fits(item(most - 1)), fits(item(most + 2))]).toEqual([true, false]);
  });

  test.each([
    { colour: "red" },
    { price: -1 },
    { price: Number.NaN },
    { price: "20" },
    { category: "" },
    { link: "javascript:alert(1)" },
    { link: "ftp://a.example/" },
    { attributes: { a: null } },
    { attributes: { a: { b: 1 } } },
    { attributes: { a: [1, 2] } },
    { attributes: { "": 1 } },
  ])("%j are no fields of an item", (fields) => {
    expect(fits(fields)).toBe(false);
  });

  test("bodies and lines take a picture beside the fields, and nothing unknown", () => {
    expect(ItemBody.safeParse({ title: "a", image: "https://a.example/1.jpg" }).success).toBe(true);
    expect(ItemBody.safeParse({ title: "a", picture: "https://a.example/1.jpg" }).success).toBe(false);
    expect(ItemLine.safeParse({ title: "a", image: "https://a.example/1.jpg" }).success).toBe(false);
    expect(ItemLine.safeParse({ id: "a", image: "data:image/png;base64,AAAA" }).success).toBe(true);
  });
});

describe("filters", () => {
  test.each([
    {},
    { category: "a" },
    { category: ["a", "b"] },
    { price: { min: 1 } },
    { attributes: { a: 1, b: ["x", 2, true], c: { max: 3 } } },
  ])("%j is a filter", (filter) => {
    expect(filters(filter)).toBe(true);
  });

  test.each([
    { colour: "red" },
    { category: [] },
    { category: Array(MAX_FILTER_VALUES + 1).fill("a") },
    { price: {} },
    { price: { min: 2, max: 1 } },
    { price: 3 },
    { attributes: { a: [] } },
    { attributes: { a: Array(MAX_FILTER_VALUES + 1).fill(1) } },
    { attributes: { a: { from: 3 } } },
  ])("%j is no filter", (filter) => {
    expect(filters(filter)).toBe(false);
  });

  test("conditions have a limit, all kinds counted together", () => {
    const filter = (count: number) => ({
      category: "a",
      price: { min: 1 },
      attributes: attributes(count - 2),
    });
    expect([filters(filter(MAX_FILTER_CONDITIONS)), filters(filter(MAX_FILTER_CONDITIONS + 1))]).toEqual([
      true,
      false,
    ]);
  });
});
