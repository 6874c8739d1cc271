import { expect, test } from "vitest";
import { scatter } from "../../bench/search/clustered-vectors.ts";
import { LookTable } from "../../src/catalog/look-table.ts";

const SEED = Math.floor(Math.random() * 2 ** 31);

test(`selects what a plain list selects, after any changes (seed ${SEED})`, () => {
  const looks = ["chair", "sofa", "lamp", undefined];
  const table = new LookTable();
  const plain = new Map<number, string | undefined>();
  for (let step = 0; step < 5_000; step++) {
    const key = scatter(step, SEED) % 3_000;
    const look = looks[scatter(step, SEED + 1) % 4];
    table.set(key, look);
    plain.set(key, look);
  }
  for (const wanted of [["chair"], ["sofa", "lamp"], ["unheard-of"], [], ["lamp", "lamp", "unheard-of"]]) {
    const expected = [...plain].flatMap(([key, look]) => (look && wanted.includes(look) ? [key] : []));
    const selected = table.select(wanted);
    expect(selected.count()).toBe(expected.length);
    expect(expected.every((key) => selected.has(key))).toBe(true);
  }
});

test("an item costs two bytes", () => {
  const table = new LookTable();
  expect(table.select(["chair"]).count()).toBe(0);
  for (let key = 0; key < 100_000; key++) table.set(key, "chair");
  expect(table.memoryBytes).toBeGreaterThanOrEqual(200_000);
  expect(table.memoryBytes).toBeLessThanOrEqual(200_000 * 1.25);
  table.set(5_000_000, undefined);
  expect(table.memoryBytes).toBeLessThanOrEqual(200_000 * 1.25);
});
