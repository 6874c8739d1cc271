import { expect, test } from "vitest";
import { shardOf } from "../../src/catalog/routing.ts";

const IDS = Array.from({ length: 20_000 }, (_, n) => `item-${n}`);

test("an id's shard never changes: data would be looked for where it is not", () => {
  const ids = ["a", "vase-1", "item-12345", "0000", "SKU:9_8.7~6", "f".repeat(64)];
  expect(ids.map((id) => shardOf(id, 4))).toEqual([0, 2, 2, 0, 3, 1]);
  expect(ids.map((id) => shardOf(id, 64))).toEqual([48, 16, 2, 37, 35, 1]);
});

test("ids spread evenly over the shards", () => {
  for (const count of [1, 2, 3, 4, 7, 16]) {
    const sizes = new Array<number>(count).fill(0);
    for (const id of IDS) sizes[shardOf(id, count)]!++;
    for (const size of sizes) expect(Math.abs((size * count) / IDS.length - 1)).toBeLessThan(0.1);
  }
});

test("one shard more takes its share from all others and moves nothing else", () => {
  const moved = IDS.filter((id) => shardOf(id, 4) !== shardOf(id, 5));
  expect(moved.every((id) => shardOf(id, 5) === 4)).toBe(true);
  expect(Math.abs(moved.length / (IDS.length / 5) - 1)).toBeLessThan(0.1);
});
