/** Searches by a vector and words: items that say the words come first. */
import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import type { ItemFields } from "../../src/catalog/item.ts";
import { WORD_CANDIDATES, WORDS_COUNT } from "../../src/catalog/rerank.ts";
import { openCatalog, picture, shardOf, type TestCatalog, vectorOf } from "./test-catalog.ts";

const SAID: readonly ItemFields[] = [
  { title: "Red dress" },
  { title: "Dresses", category: "clothes", attributes: { colour: "red" } },
  { title: "Blue dress", description: "With a red belt" },
  { title: "Oak chair" },
  {},
];

async function filled(fields: readonly ItemFields[] = SAID): Promise<TestCatalog> {
  const opened = openCatalog({ shardCount: 1 });
  for (const [n, some] of fields.entries()) {
    await opened.catalog.put({ id: `item-${n}`, fields: some, picture: { bytes: picture(n) } });
  }
  await opened.deliver();
  return opened;
}

const by = { vector: vectorOf(99) };

async function search({ catalog }: TestCatalog, words: string, more = {}) {
  const { results } = await catalog.search.run({ by, words, explain: true, limit: 10, ...more });
  return new Map(results.map(({ id, score, explanation }) => [id, { score, share: explanation!.words }]));
}

describe("words", () => {
  test("add to the score what share of them an item says, in any form", async () => {
    const opened = await filled();
    const plain = new Map(
      (await opened.catalog.search.run({ by, limit: 10 })).results.map((one) => [one.id, one.score]),
    );
    const worded = await search(opened, "red dress");
    expect([...worded].map(([id, { share }]) => [id, share]).sort()).toEqual([
      ["item-0", 1],
      ["item-1", 1],
      ["item-2", 1],
      ["item-3", 0],
      ["item-4", 0],
    ]);
    for (const [id, { score, share }] of worded) {
      expect(score - plain.get(id)!).toBeCloseTo(WORDS_COUNT * share!, 6);
    }
    expect((await search(opened, "a red chair")).get("item-3")!.share).toBe(0.5);
    expect((await search(opened, "chairs")).get("item-3")!.share).toBe(1);
  });

  test("that are none, or operators of the index's language, are no mistake", async () => {
    const opened = await filled();
    for (const words of ["!?", '" OR "', "NEAR(red dress)", "title:red", "red*", "-red", "the"]) {
      expect((await search(opened, words)).size).toBe(SAID.length);
    }
  });

  test("are looked for in what an item says now", async () => {
    const opened = await filled();
    const { catalog } = opened;
    await catalog.put({ id: "item-3", fields: { title: "Red dress" } });
    await catalog.put({ id: "item-0", fields: {} });
    await catalog.delete("item-1");
    const found = await search(opened, "red dress");
    expect([...found].flatMap(([id, { share }]) => (share ? id : [])).sort()).toEqual(["item-2", "item-3"]);
  });

  test("find items that are far from the query, beside a filter, but none that it keeps out", async () => {
    const far = Array.from(
      { length: 700 },
      (_, n): ItemFields => ({ title: `thing ${n}`, category: n % 2 ? "odd" : "even" }),
    );
    const opened = await filled([
      ...far,
      { title: "zebra", category: "odd" },
      { title: "zebra", category: "even" },
    ]);
    // Opposite to the zebras: they are the last of all codes.
    const opposite = vectorOf(700).map((value) => -value) as Float32Array<ArrayBuffer>;
    const { results } = await opened.catalog.search.run({ by: { vector: opposite }, limit: 200 });
    expect(results.map(({ id }) => id)).not.toContain("item-700");
    const request = {
      by: { vector: vectorOf(701).map((value) => value) },
      words: "zebra",
      explain: true,
      limit: 10,
    };
    const all = await opened.catalog.search.run(request);
    expect(all.results[0]!.id).toBe("item-701");
    const odd = await opened.catalog.search.run({ ...request, filter: { category: "odd" } });
    expect(odd.results.flatMap(({ id, explanation }) => (explanation!.words ? id : []))).toEqual([
      "item-700",
    ]);
    const without = await opened.catalog.search.run({ ...request, exclude: ["item-700", "item-701"] });
    expect(without.results.every(({ explanation }) => explanation!.words === 0)).toBe(true);
  });

  test("go through all pages in one order, nothing twice", async () => {
    const many = Array.from(
      { length: WORD_CANDIDATES + 60 },
      (_, n): ItemFields => ({ title: n % 3 ? "red" : "red dress" }),
    );
    const { catalog } = await filled(many);
    const seen: string[] = [];
    const scores: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await catalog.search.run({ by, words: "red dress", limit: 50, cursor });
      seen.push(...page.results.map(({ id }) => id));
      scores.push(...page.results.map(({ score }) => score));
      if (!page.next) break;
      cursor = page.next;
    }
    expect(new Set(seen).size).toBe(many.length);
    expect(seen).toHaveLength(many.length);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const first = await catalog.search.run({ by, words: "red dress", limit: 50 });
    await expect(
      catalog.search.run({ by, words: "red", limit: 50, cursor: first.next }),
    ).rejects.toMatchObject({
      status: 400,
    });
  });

  test("of a shard of an older program are indexed when it starts", async () => {
    const opened = await filled();
    await runInDurableObject(shardOf(opened), (_, { storage }) => {
      storage.sql.exec(
        `ALTER TABLE spaces DROP COLUMN changes; DROP TABLE popularity; DROP INDEX items_by_age;
         DROP TABLE words; DROP TABLE stems; DROP TABLE words_filled`,
      );
      storage.sql.exec("DELETE FROM migrations WHERE version >= 5");
    });
    await abortAllDurableObjects();
    const found = await search(opened, "red dress");
    expect([...found].flatMap(([id, { share }]) => (share === 1 ? id : [])).sort()).toEqual([
      "item-0",
      "item-1",
      "item-2",
    ]);
  });
});
