import { abortAllDurableObjects } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { MAX_FILTER_VALUES } from "../../src/catalog/limits.ts";
import { InvalidQueryError } from "../../src/catalog/vector-index.ts";
import { COMPANION, embedByContent, openCatalog, picture, SPACE, vectorOf } from "./test-catalog.ts";

const LOOKS = ["chair", "sofa", "lamp"];

/** Items 0 … 5: words name the looks of 0 to 2, the model those of 2 to 4; 5 has none. */
const FIELDS = [
  { category: "Chairs", price: 10 },
  { title: "Grey couch", price: 20 },
  { title: "Desk lamp", price: 30 },
  { price: 40 },
  { title: "Something", price: 50 },
  { price: 60 },
];
const SEEN = [undefined, undefined, "chair", "chair", "sofa", undefined];

async function filled(options: Parameters<typeof openCatalog>[0] = {}) {
  const opened = openCatalog({ shardCount: 2, looks: LOOKS, companion: COMPANION, ...options });
  const see = async (source: Parameters<typeof embedByContent>[0]) => {
    const { vector } = await embedByContent(source);
    const number = new DataView((source as { bytes: Uint8Array }).bytes.buffer).getUint32(41);
    return { vector, companion: vectorOf(number, 128), look: SEEN[number] };
  };
  for (const [n, fields] of FIELDS.entries()) {
    await opened.catalog.put({ id: `item-${n}`, fields, picture: { bytes: picture(n) } });
  }
  await opened.deliver(see);
  const { catalog } = opened;
  const found = async (looks?: string[], filter?: object) => {
    const { results } = await catalog.search.run({ by: { vector: vectorOf(0) }, looks, filter });
    return results.map(({ id }) => Number(id.slice(5))).sort();
  };
  return { ...opened, found, see };
}

describe("look categories", () => {
  test("a gate lets those pass that it names; without one, all are found, those without a look too", async () => {
    const { found } = await filled();
    expect(await found()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await found(["chair"])).toEqual([0, 3]);
    expect(await found(["sofa", "lamp"])).toEqual([1, 2, 4]);
    expect(await found(["unheard-of"])).toEqual([]);
  });

  test("it goes together with filters, and gates completion alike", async () => {
    const { found, catalog } = await filled();
    expect(await found(["chair", "sofa"], { price: { min: 15 } })).toEqual([1, 3, 4]);
    expect(await found(["chair"], { category: "Chairs" })).toEqual([0]);
    expect(await found(["sofa"], { category: "Chairs" })).toEqual([]);
    const { results } = await catalog.complete({ query: vectorOf(3, 128), looks: ["chair"] });
    expect(results.map(({ id }) => id)).toEqual(["item-3", "item-0"]);
  });

  test("items show theirs, and lists can be narrowed down to it", async () => {
    const { catalog } = await filled();
    const looks = (await catalog.list()).items.map(({ look }) => look);
    expect(looks).toEqual(["chair", "sofa", "lamp", "chair", "sofa", undefined]);
    const { items } = await catalog.list({ look: "sofa" });
    expect(items.map(({ id }) => id)).toEqual(["item-1", "item-4"]);
    expect((await catalog.get("item-2")).look).toBe("lamp");
  });

  test("other words, another picture and removal change it, before and after a start", async () => {
    const { catalog, found, deliver, see } = await filled();
    await found(["chair"]);
    await catalog.put({ id: "item-0", fields: { category: "Sofas" } });
    await catalog.put({ id: "item-2", fields: {} });
    await catalog.delete("item-3");
    expect(await found(["chair"])).toEqual([2]);
    expect(await found(["sofa"])).toEqual([0, 1, 4]);
    expect(await found(["lamp"])).toEqual([]);
    await catalog.put({ id: "item-2", fields: {}, picture: { bytes: picture(4) } });
    expect((await catalog.get("item-2")).look).toBeUndefined();
    expect(await found(["chair", "sofa"])).toEqual([0, 1, 4]);
    await deliver(see);
    expect(await found(["sofa"])).toEqual([0, 1, 2, 4]);
    await abortAllDurableObjects();
    expect(await found(["sofa"])).toEqual([0, 1, 2, 4]);
    expect(await found(["chair"])).toEqual([]);
  });

  test("they are no change of an item: the same write again stays the same write", async () => {
    const { catalog } = await filled();
    const again = await catalog.put({ id: "item-3", fields: FIELDS[3]!, picture: { bytes: picture(3) } });
    expect(again).toMatchObject({ changed: false, version: 1 });
    expect((await catalog.get("item-3")).look).toBe("chair");
  });

  test("with other categories, words are read again when an item is next written or embedded", async () => {
    const opened = await filled({ looks: ["lamp"] });
    expect(await opened.found(["chair", "sofa"])).toEqual([]);
    const { catalog } = openCatalog({
      shardCount: 2,
      shards: opened.namespace,
      companion: COMPANION,
      looks: LOOKS,
    });
    const again = await catalog.put({ id: "item-0", fields: FIELDS[0]! });
    expect(again).toMatchObject({ changed: false, version: 1 });
    expect(await opened.found(["chair"])).toEqual([0]);
  });

  test("what a model sees belongs to its space; what it says beyond the categories is dropped", async () => {
    const opened = await filled();
    const next = { ...SPACE, revision: "000000000002" };
    const { catalog } = openCatalog({ shardCount: 2, shards: opened.namespace, looks: LOOKS, space: next });
    expect((await catalog.get("item-3")).look).toBeUndefined();
    expect((await catalog.get("item-0")).look).toBe("chair");
    expect((await opened.catalog.get("item-3")).look).toBe("chair");
    await opened.catalog.put({ id: "item-9", fields: {}, picture: { bytes: picture(9) } });
    await opened.deliver(async (source) => ({ ...(await embedByContent(source)), look: "spaceship" }));
    expect((await opened.catalog.get("item-9")).look).toBeUndefined();
  });

  test("a page goes on within its gate; its cursor belongs to it", async () => {
    const { catalog } = await filled();
    const by = { vector: vectorOf(0) };
    const first = await catalog.search.run({ by, looks: ["sofa", "chair"], limit: 3 });
    const second = await catalog.search.run({ by, looks: ["sofa", "chair"], limit: 3, cursor: first.next });
    const ids = [...first.results, ...second.results].map(({ id }) => id).sort();
    expect(ids).toEqual(["item-0", "item-1", "item-3", "item-4"]);
    await expect(catalog.search.run({ by, looks: ["sofa"], cursor: first.next })).rejects.toThrow(/cursor/);
    const many = Array.from({ length: MAX_FILTER_VALUES + 1 }, (_, n) => `look-${n}`);
    await expect(catalog.search.run({ by, looks: many })).rejects.toThrow(InvalidQueryError);
  });
});
