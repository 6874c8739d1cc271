import { abortAllDurableObjects } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import {
  CatalogUnavailableError,
  InvalidCursorError,
  ItemNotFoundError,
  NotEmbeddedError,
  PictureMissingError,
  PictureNotStoredError,
  VersionConflictError,
} from "../../src/catalog/errors.ts";
import { MAX_RESULT_WINDOW } from "../../src/catalog/limits.ts";
import type { ShardNamespace } from "../../src/catalog/shards.ts";
import { InvalidQueryError } from "../../src/catalog/vector-index.ts";
import { UnsupportedPictureError } from "../../src/media/errors.ts";
import { sha256Hex } from "../../src/media/sha256.ts";
import { openCatalog, picture, vectorOf } from "./test-catalog.ts";

const fields = {
  title: "A vase",
  category: "vases",
  price: 20,
  attributes: { colour: ["red", "blue"], tall: true },
};

describe("items", () => {
  test("an item comes back as it was written, waiting to be embedded", async () => {
    const { catalog } = openCatalog();
    const result = await catalog.put({ id: "vase-1", fields, picture: { bytes: picture(1) } });
    expect(result).toEqual({ id: "vase-1", version: 1, created: true, changed: true });
    const item = await catalog.get("vase-1");
    expect(item).toMatchObject({
      id: "vase-1",
      ...fields,
      version: 1,
      state: { status: "pending", attempts: 0 },
    });
    expect(item.image).toEqual({ sha256: await sha256Hex(picture(1)), bytes: 57, type: "image/png" });
    expect(new Date(item.createdAt).toISOString()).toBe(item.createdAt);
  });

  test("the picture is in the store, byte for byte", async () => {
    const { catalog } = openCatalog();
    await catalog.put({ id: "a", fields, picture: { bytes: picture(2) } });
    const { image } = await catalog.get("a");
    expect(await catalog.pictures.get(image.sha256!)).toEqual(picture(2));
  });

  test("the same write again changes nothing, in whatever order its fields come", async () => {
    const { catalog, queue } = openCatalog();
    await catalog.put({ id: "a", fields, picture: { bytes: picture(1) } });
    const before = await catalog.get("a");
    queue.take();
    const reordered = {
      attributes: { tall: true, colour: ["red", "blue"] },
      price: 20,
      category: "vases",
      title: "A vase",
    };
    const again = await catalog.put({ id: "a", fields: reordered, picture: { bytes: picture(1) } });
    expect(again).toEqual({ id: "a", version: 1, created: false, changed: false });
    expect(await catalog.get("a")).toEqual(before);
    expect(queue.take()).toEqual([]);
  });

  test("a write replaces all fields and keeps the picture when it brings none", async () => {
    const { catalog, deliver } = openCatalog();
    await catalog.put({ id: "a", fields, picture: { bytes: picture(1) } });
    await deliver();
    const { image } = await catalog.get("a");
    await catalog.put({ id: "a", fields: { title: "Only a title" } });
    const item = await catalog.get("a");
    expect(item).toMatchObject({ title: "Only a title", image, version: 2, state: { status: "embedded" } });
    expect(item).not.toHaveProperty("price");
  });

  test("a new picture has to be embedded anew; until then the item is not found by the old one", async () => {
    const { catalog, deliver } = openCatalog();
    await catalog.put({ id: "a", fields, picture: { bytes: picture(1) } });
    await deliver();
    await catalog.put({ id: "a", fields, picture: { bytes: picture(2) } });
    expect((await catalog.get("a")).state.status).toBe("pending");
    expect((await catalog.search.run({ by: { vector: vectorOf(1) } })).results).toEqual([]);
    await deliver();
    const { results } = await catalog.search.run({ by: { vector: vectorOf(2) } });
    expect(results).toMatchObject([{ id: "a", item: { state: { status: "embedded" } } }]);
    expect(results[0]!.score).toBeCloseTo(1, 5);
  });

  test("what cannot be written is refused and leaves nothing behind", async () => {
    const { catalog } = openCatalog();
    await expect(catalog.put({ id: "a", fields })).rejects.toThrow(PictureMissingError);
    const text = new TextEncoder().encode("This is no picture, whatever it says it is.");
    await expect(catalog.put({ id: "a", fields, picture: { bytes: text } })).rejects.toThrow(
      UnsupportedPictureError,
    );
    const unknown = { sha256: "0".repeat(64) };
    await expect(catalog.put({ id: "a", fields, picture: unknown })).rejects.toThrow(PictureNotStoredError);
    await expect(catalog.get("a")).rejects.toThrow(ItemNotFoundError);
    expect((await catalog.stats()).items).toBe(0);
  });

  test("a picture that is in the store need not be sent again", async () => {
    const { catalog } = openCatalog();
    await catalog.put({ id: "a", fields, picture: { bytes: picture(1) } });
    const { image } = await catalog.get("a");
    await catalog.put({ id: "b", fields, picture: { sha256: image.sha256! } });
    expect((await catalog.get("b")).image).toEqual(image);
  });

  test("versions guard against writing over what somebody else wrote", async () => {
    const { catalog } = openCatalog();
    const image = { bytes: picture(1) };
    await expect(catalog.put({ id: "a", fields, picture: image, ifVersion: 1 })).rejects.toMatchObject({
      version: 0,
    });
    await catalog.put({ id: "a", fields, picture: image, ifVersion: 0 });
    await expect(catalog.put({ id: "a", fields, picture: image, ifVersion: 0 })).rejects.toThrow(
      VersionConflictError,
    );
    await catalog.put({ id: "a", fields: {}, ifVersion: 1 });
    await expect(catalog.delete("a", 1)).rejects.toMatchObject({ status: 412, version: 2 });
    await catalog.delete("a", 2);
    await expect(catalog.get("a")).rejects.toThrow(ItemNotFoundError);
  });

  test("a removed item is gone from searches, and its place is used again", async () => {
    const { catalog, deliver } = openCatalog({ shardCount: 1 });
    for (const n of [1, 2]) await catalog.put({ id: `item-${n}`, fields, picture: { bytes: picture(n) } });
    await deliver();
    await catalog.delete("item-1");
    await expect(catalog.delete("item-1")).rejects.toThrow(ItemNotFoundError);
    await catalog.put({ id: "item-3", fields: {}, picture: { bytes: picture(3) } });
    expect((await catalog.search.run({ by: { vector: vectorOf(1) } })).results.map(({ id }) => id)).toEqual([
      "item-2",
    ]);
    await deliver();
    expect((await catalog.search.run({ by: { vector: vectorOf(3) } })).results[0]!.id).toBe("item-3");
    const filtered = await catalog.search.run({ by: { vector: vectorOf(3) }, filter: { category: "vases" } });
    expect(filtered.results.map(({ id }) => id)).toEqual(["item-2"]);
  });

  test("lists go through all items in the order of their ids, page by page", async () => {
    const { catalog, deliver } = openCatalog();
    const ids = Array.from({ length: 25 }, (_, n) => `item-${String(n).padStart(2, "0")}`);
    for (const [n, id] of ids.entries()) {
      await catalog.put({ id, fields: { category: n % 2 ? "odd" : "even" }, picture: { bytes: picture(n) } });
    }
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await catalog.list({ limit: 10, cursor });
      listed.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(listed).toEqual(ids);
    expect((await catalog.list({ category: "odd" })).items).toHaveLength(12);
    expect((await catalog.list({ status: "embedded" })).items).toEqual([]);
    await deliver();
    expect((await catalog.list({ status: "embedded" })).items).toHaveLength(25);
    await expect(catalog.list({ cursor: "nonsense" })).rejects.toThrow(InvalidCursorError);
  });
});

describe("search", () => {
  async function filled(count = 60) {
    const opened = openCatalog();
    for (let n = 0; n < count; n++) {
      await opened.catalog.put({ id: `item-${n}`, fields: { price: n }, picture: { bytes: picture(n) } });
    }
    await opened.deliver();
    return opened;
  }

  test("by item leaves the item itself out, and pages to the end without repetition", async () => {
    const { catalog } = await filled();
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await catalog.search.run({ by: { item: "item-7" }, limit: 7, cursor });
      found.push(...page.results.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(new Set(found).size).toBe(59);
    expect(found).toHaveLength(59);
    expect(found).not.toContain("item-7");
  });

  test("filters and explains", async () => {
    const { catalog } = await filled(20);
    const { results } = await catalog.search.run({
      by: { vector: vectorOf(3) },
      filter: { price: { min: 3, max: 5 } },
      explain: true,
    });
    expect(results.map(({ item }) => item.price).sort()).toEqual([3, 4, 5]);
    expect(results[0]!.explanation).toMatchObject({ hamming: 0, hammingRank: 1 });
  });

  test("a cursor is good for its own search only", async () => {
    const { catalog } = await filled(20);
    const by = { vector: vectorOf(1) };
    const { next } = await catalog.search.run({ by, limit: 5 });
    await expect(catalog.search.run({ by: { vector: vectorOf(2) }, cursor: next })).rejects.toThrow(
      InvalidCursorError,
    );
    const filter = { price: { min: 2 } };
    await expect(catalog.search.run({ by, filter, cursor: next })).rejects.toThrow(InvalidCursorError);
    await expect(catalog.search.run({ by, cursor: `${next}x` })).rejects.toThrow(InvalidCursorError);
    await expect(catalog.search.run({ by, cursor: "x".repeat(10_000) })).rejects.toThrow(InvalidCursorError);
    expect((await catalog.search.run({ by, limit: 5, cursor: next })).results).toHaveLength(5);
  });

  test("what cannot be searched by is refused", async () => {
    const { catalog } = await filled(3);
    await catalog.put({ id: "new", fields: {}, picture: { bytes: picture(99) } });
    await expect(catalog.search.run({ by: { item: "new" } })).rejects.toThrow(NotEmbeddedError);
    await expect(catalog.search.run({ by: { item: "none" } })).rejects.toThrow(ItemNotFoundError);
    await expect(catalog.search.run({ by: { vector: new Float32Array(3) } })).rejects.toThrow(
      InvalidQueryError,
    );
    for (const limit of [0, 201, 2.5]) {
      await expect(catalog.search.run({ by: { vector: vectorOf(1) }, limit })).rejects.toThrow(
        InvalidQueryError,
      );
    }
    expect((await catalog.search.run({ by: { vector: vectorOf(1) }, limit: 200 })).results).toHaveLength(3);
    expect(MAX_RESULT_WINDOW).toBeGreaterThan(200);
  });

  test("a catalogue that was stopped finds the same afterwards", async () => {
    const { catalog } = await filled(30);
    const search = () => catalog.search.run({ by: { vector: vectorOf(4) }, filter: { price: { max: 20 } } });
    const before = await search();
    await abortAllDurableObjects();
    expect(await search()).toEqual(before);
  });

  test("when a shard is gone there is a clear error and no half answer", async () => {
    const { catalog, namespace } = await filled(5);
    const broken: ShardNamespace = {
      idFromName: (name) => (name === "shard-1" ? name : namespace.idFromName(name)),
      get: (id) => {
        if (id === "shard-1") throw new Error("the shard is gone");
        return namespace.get(id);
      },
    };
    const half = openCatalog({ shards: broken }).catalog;
    const by = { vector: vectorOf(1) };
    await expect(half.search.run({ by })).rejects.toMatchObject({ status: 503, retryAfter: 2 });
    await expect(half.search.run({ by })).rejects.toThrow(CatalogUnavailableError);
    expect((await catalog.search.run({ by })).results).toHaveLength(5);
  });
});

describe("near-duplicates", () => {
  test("the same picture is reported, the same look too, each pair once", async () => {
    const { catalog, deliver } = openCatalog();
    await catalog.put({ id: "a", fields: {}, picture: { bytes: picture(1) } });
    await catalog.put({ id: "b", fields: {}, picture: { bytes: picture(2) } });
    await catalog.put({ id: "c", fields: {}, picture: { bytes: picture(1) } });
    await catalog.put({ id: "d", fields: {}, picture: { bytes: picture(5) } });
    expect(await catalog.duplicates.of("a")).toEqual([{ id: "c", by: "picture" }]);
    const twin = vectorOf(1).map((value, at) => (at === 0 ? value + 0.01 : value));
    await deliver(async (source) => {
      const number = "bytes" in source ? new DataView(source.bytes.buffer).getUint32(41) : 0;
      return { vector: number === 5 ? twin : vectorOf(number) };
    });
    expect(await catalog.duplicates.of("a")).toMatchObject([
      { id: "c", by: "picture" },
      { id: "d", by: "look" },
    ]);
    expect(await catalog.duplicates.of("b")).toEqual([]);
    await expect(catalog.duplicates.of("z")).rejects.toThrow(ItemNotFoundError);
    const { groups, next } = await catalog.duplicates.report();
    expect(next).toBeUndefined();
    expect(groups.map(({ id, duplicates }) => [id, duplicates.map((one) => one.id)])).toEqual([
      ["a", ["c", "d"]],
      ["c", ["d"]],
    ]);
  });
});
