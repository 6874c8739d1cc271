import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { LOST_AFTER, MAX_ATTEMPTS, resendDelay, retryDelay } from "../../src/catalog/shard/schedule.ts";
import { KEYS, keyOf, placeOf } from "../../src/catalog/shard/schema.ts";
import { MAX_ITEMS_PER_SHARD } from "../../src/catalog/shard/writer.ts";
import type { ShardStub } from "../../src/catalog/shards.ts";
import { COMPANION, freshShard, namedShard, SPACE, vectorOf } from "./test-catalog.ts";

const image = (n: number) => ({ url: `https://example.com/${n}` });

async function fill(shard: ShardStub, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  await shard.put(
    numbers.map((n) => ({ id: `item-${n}`, fields: { price: n }, image: image(n) })),
    SPACE,
  );
  await shard.finish(
    numbers.map((n) => ({ id: `item-${n}`, image: image(n), vector: vectorOf(n) })),
    SPACE,
  );
}

describe("a shard", () => {
  test("writes of one call are all made or none: what fails in the middle leaves nothing", async () => {
    const shard = freshShard();
    const broken = {
      id: "b",
      get fields(): never {
        throw new Error("broken");
      },
      image: image(1),
    };
    await runInDurableObject<ShardStub, void>(shard, async (object) => {
      const write = object.put([{ id: "a", fields: {}, image: image(1) }, broken], SPACE);
      await expect(write).rejects.toThrow("broken");
    });
    expect(await shard.get(["a", "b"], SPACE)).toEqual([undefined, undefined]);
  });

  test("codes of several chunks, with gaps, are the same after a start", async () => {
    const shard = namedShard();
    await fill(shard(), 1_300);
    for (let n = 0; n < 1_300; n += 7) await shard().delete(`item-${n}`);
    const ask = async () => {
      const hits = [];
      for (const n of [1, 512, 513, 1_299])
        hits.push(await shard().search({ vector: vectorOf(n), k: 5 }, SPACE));
      return hits;
    };
    const before = await ask();
    expect(before.map(([best]) => best!.id)).toEqual(["item-1", "item-512", "item-513", "item-1299"]);
    await abortAllDurableObjects();
    expect(await ask()).toEqual(before);
  });

  test("when all keys are taken no more items are let in, but present ones can be changed", async () => {
    const shard = freshShard();
    await fill(shard, 1);
    await runInDurableObject(shard, (_, { storage }) => {
      storage.sql.exec("UPDATE items SET key = ? WHERE id = 'item-0'", MAX_ITEMS_PER_SHARD);
    });
    const outcomes = await shard.put(
      [
        { id: "new", fields: {}, image: image(2) },
        { id: "item-0", fields: { price: 2 } },
      ],
      SPACE,
    );
    expect(outcomes).toMatchObject([
      { ok: false, why: "full" },
      { ok: true, version: 2 },
    ]);
    await shard.delete("item-0");
    expect(await shard.put([{ id: "new", fields: {}, image: image(2) }], SPACE)).toMatchObject([
      { ok: true },
    ]);
  });

  test("tables of an older program are brought up to date, items and all", async () => {
    const shard = namedShard();
    await fill(shard(), 3);
    await runInDurableObject(shard(), (_, { storage }) => {
      storage.sql.exec(`
        ALTER TABLE spaces DROP COLUMN changes;
        DROP INDEX items_by_age;
        DROP TABLE popularity;
        DROP TABLE words;
        DROP TABLE stems;
        DROP TABLE words_filled;
        DROP INDEX embeddings_backlog;
        ALTER TABLE spaces DROP COLUMN role;
        ALTER TABLE spaces DROP COLUMN completed_at;
        DROP INDEX embeddings_by_look;
        DROP INDEX items_by_look;
        ALTER TABLE embeddings DROP COLUMN look;
        ALTER TABLE items DROP COLUMN look;
        ALTER TABLE spaces DROP COLUMN dimensions;
        ALTER TABLE embeddings DROP COLUMN sends`);
      storage.sql.exec("DELETE FROM migrations WHERE version > 1");
    });
    await abortAllDurableObjects();
    expect(await shard().stats(SPACE)).toMatchObject({ items: 3, embedded: 3 });
    const [first] = await shard().search({ vector: vectorOf(1), k: 1 }, SPACE);
    expect(first!.id).toBe("item-1");
    // It goes on with what the older program did not know: a companion space and look categories.
    const target = { ...SPACE, companion: COMPANION, looks: ["chair"] };
    await shard().put([{ id: "item-2", fields: { category: "Chairs" } }], target);
    expect(await shard().stats(target)).toMatchObject({ embedded: 3, companion: { pending: 3 } });
    const claims = await shard().claim(["item-2"], target);
    expect(claims.map(({ wanted }) => wanted)).toEqual([{ vector: false, companion: true }]);
    await shard().finish([{ id: "item-2", image: image(2), companion: vectorOf(2, 128) }], target);
    const gated = { vector: vectorOf(2, 128), k: 5, looks: ["chair"] };
    expect((await shard().search(gated, COMPANION, SPACE)).map(({ id }) => id)).toEqual(["item-2"]);
    await runInDurableObject(shard(), (_, { storage }) => {
      const versions = storage.sql.exec<{ version: number }>("SELECT version FROM migrations").toArray();
      expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    });
  });

  test("tables of a newer program are left alone", async () => {
    const shard = namedShard();
    await runInDurableObject(shard(), (_, { storage }) => {
      storage.sql.exec("INSERT INTO migrations VALUES (999, 0)");
    });
    await abortAllDurableObjects();
    await expect(Promise.resolve(shard().stats(SPACE))).rejects.toThrow(/version 999/);
  });

  test("categories are counted", async () => {
    const shard = freshShard();
    const categories = ["a", "b", "a", undefined];
    await shard.put(
      categories.map((category, n) => ({
        id: `item-${n}`,
        fields: category ? { category } : {},
        image: image(n),
      })),
      SPACE,
    );
    const counted = await shard.categories();
    expect([...counted].sort((x, y) => y.items - x.items)).toEqual([
      { category: "a", items: 2 },
      { category: "b", items: 1 },
    ]);
  });
});

test("the number of a row names its space and its key", () => {
  expect(keyOf(placeOf(3, 17))).toBe(17);
  expect(placeOf(2, 0) - placeOf(1, 0)).toBe(KEYS);
  expect(Number.isSafeInteger(placeOf(1_000_000, KEYS - 1))).toBe(true);
});

test("delays double, attempts end", () => {
  expect([1, 2, 3, 99].map((n) => resendDelay(n) / LOST_AFTER)).toEqual([1, 2, 4, 32]);
  expect(Array.from({ length: MAX_ATTEMPTS }, (_, n) => retryDelay(n + 1))).toEqual([
    30_000,
    60_000,
    120_000,
    240_000,
    480_000,
    undefined,
  ]);
});
