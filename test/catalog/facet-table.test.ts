import { expect, test } from "vitest";
import { scatter } from "../../bench/search/clustered-vectors.ts";
import { FacetTable } from "../../src/catalog/facet-table.ts";
import { type Facets, type Filter, matches } from "../../src/catalog/filter.ts";

const SEED = 11;
let drawn = 0;
const draw = (count: number) => scatter(drawn++, SEED) % count;

function facets(): Facets {
  return {
    category: draw(4) === 0 ? undefined : `category-${draw(5)}`,
    price: draw(5) === 0 ? undefined : draw(100),
    attributes: {
      ...(draw(2) && { colour: ["red", "green", "blue"][draw(3)]! }),
      ...(draw(2) && { size: Array.from({ length: draw(4) }, () => `size-${draw(4)}`) }),
      ...(draw(2) && { weight: draw(20) / 2 }),
      ...(draw(2) && { sale: draw(2) === 1 }),
      // The same name with values of several kinds.
      mixed: [1, "1", true, ["1"]][draw(4)]!,
    },
  };
}

function filter(): Filter {
  return {
    ...(draw(2) && { category: draw(2) ? "category-1" : ["category-1", "category-2", "none"] }),
    ...(draw(2) && { price: draw(2) ? { min: draw(50) } : { min: 20, max: 20 + draw(50) } }),
    attributes: {
      ...(draw(3) === 0 && { colour: ["red", "blue"] }),
      ...(draw(3) === 0 && { size: `size-${draw(5)}` }),
      ...(draw(3) === 0 && { weight: { max: draw(10) } }),
      ...(draw(3) === 0 && { sale: true }),
      ...(draw(3) === 0 && { mixed: [1, "1", true][draw(3)]! }),
      ...(draw(9) === 0 && { unheard: { min: 0 } }),
    },
  };
}

test(`selects what the filter's meaning says, through changes and removals (seed ${SEED})`, () => {
  const table = new FacetTable();
  const items = new Map<number, Facets>();
  for (let round = 0; round < 30; round++) {
    for (let n = 0; n < 60; n++) {
      const key = draw(500);
      if (draw(3) === 0) {
        table.delete(key);
        items.delete(key);
      } else {
        const one = facets();
        table.set(key, one);
        items.set(key, one);
      }
    }
    for (let n = 0; n < 10; n++) {
      const one = filter();
      const { price, category, attributes = {} } = one;
      // Keys without facets match a filter without conditions; indexes know which keys are there.
      if (!price && !category && Object.keys(attributes).length === 0) continue;
      const selected = table.select(one);
      const keys = Array.from({ length: 600 }, (_, key) => key).filter((key) => selected.has(key));
      const expected = [...items]
        .flatMap(([key, item]) => (matches(item, one) ? [key] : []))
        .sort((a, b) => a - b);
      expect(keys, JSON.stringify(one)).toEqual(expected);
    }
  }
});

test("items that are written again and again take no more memory", () => {
  const table = new FacetTable();
  const attributes = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`a${n}`, n]));
  for (let key = 0; key < 2_000; key++) table.set(key, { attributes });
  const once = table.memoryBytes;
  for (let round = 0; round < 10; round++)
    for (let key = 0; key < 2_000; key++) table.set(key, { attributes });
  expect(table.memoryBytes).toBeLessThan(once * 3);
  expect(table.select({ attributes: { a7: 7 } }).count()).toBe(2_000);
});
