/** All vectors of items: pages of the shards, the route, and when the table counts as unchanged. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { describe, expect, test } from "vitest";
import { consume, type EmbedItem } from "../../src/catalog/embedding-worker.ts";
import { InvalidCursorError, NoItemSpaceError } from "../../src/catalog/errors.ts";
import { decodeVectorPage, MAX_VECTORS_PER_PAGE, type VectorPage } from "../../src/feed/vector-page.ts";
import type { AppEnv } from "../../src/http/context.ts";
import { itemVectors } from "../../src/http/routes/catalog/item-vectors.ts";
import { validationHook } from "../../src/http/validation.ts";
import { toHalf } from "../../src/runtime/half.ts";
import {
  embedByContent,
  messageOf,
  openCatalog,
  picture,
  type TestCatalog,
  vectorOf,
} from "./test-catalog.ts";

const ITEM = { model: "test-item", revision: "00000000000a" };
const numberOf = (title = "") => Number(title.split(" ").at(-1));

const embedItem: EmbedItem = async ({ words }) => ({ vector: vectorOf(1_000 + numberOf(words.title)) });

const write = ({ catalog }: TestCatalog, number: number, title = `title ${number}`) =>
  catalog.put({ id: `item-${number}`, fields: { title }, picture: { bytes: picture(number) } });

const embed = ({ catalog, queue }: TestCatalog) =>
  consume(catalog, queue.take().map(messageOf), embedByContent, embedItem);

async function filled(count: number, options: Parameters<typeof openCatalog>[0] = {}): Promise<TestCatalog> {
  const opened = openCatalog({ item: ITEM, ...options });
  for (let number = 0; number < count; number++) await write(opened, number);
  await embed(opened);
  return opened;
}

/** Vectors by id, from pages of `limit`. */
async function listed({ catalog }: TestCatalog, limit: number): Promise<Map<string, Float32Array>> {
  const all = new Map<string, Float32Array>();
  for (let cursor: string | undefined; ; ) {
    const { ids, vectors, next } = await catalog.itemVectors.page(cursor, limit);
    expect(ids.length).toBeLessThanOrEqual(limit);
    for (const [row, id] of ids.entries()) {
      expect(all.has(id)).toBe(false);
      all.set(id, vectors.slice(row * 256, (row + 1) * 256));
    }
    cursor = next;
    if (cursor === undefined) return all;
  }
}

describe("the vectors of all items", () => {
  test.each([1, 3, 7, 1_000])("are all there once, in pages of %i", async (limit) => {
    const opened = await filled(11);
    const all = await listed(opened, limit);
    expect([...all.keys()].sort()).toEqual(Array.from({ length: 11 }, (_, n) => `item-${n}`).sort());
    for (const [id, vector] of all) expect(vector).toEqual(vectorOf(1_000 + Number(id.split("-")[1])));
  });

  test("leave out items that have none yet, and are none in an empty catalogue", async () => {
    const opened = await filled(2);
    await write(opened, 2);
    expect(await listed(opened, 10)).toHaveProperty("size", 2);
    expect(await listed(await filled(0), 10)).toHaveProperty("size", 0);
  });

  test("keep their revision until one is added, replaced or removed", async () => {
    const opened = await filled(3);
    const { itemVectors: listing } = opened.catalog;
    const seen = [await listing.revision()];
    expect(await listing.revision()).toBe(seen[0]);
    await opened.catalog.put({ id: "item-0", fields: { title: "title 0" } });
    expect(await listing.revision()).toBe(seen[0]);
    const changes = [
      async () => {
        await write(opened, 3);
        await embed(opened);
      },
      async () => {
        await write(opened, 1, "another title 1");
        await embed(opened);
      },
      () => opened.catalog.delete("item-2"),
      // One less and one more: the count is the same.
      async () => {
        await opened.catalog.delete("item-3");
        await write(opened, 4);
        await embed(opened);
      },
    ];
    for (const change of changes) {
      await change();
      seen.push(await listing.revision());
    }
    expect(new Set(seen).size).toBe(changes.length + 1);
  });

  test("have another revision after a space was forgotten and filled again", async () => {
    const opened = await filled(2);
    const before = await opened.catalog.itemVectors.revision();
    await opened.catalog.retire(ITEM);
    await opened.catalog.list();
    for (let number = 0; number < 2; number++) await write(opened, number, `title anew ${number}`);
    await embed(opened);
    expect(await opened.catalog.itemVectors.revision()).not.toBe(before);
  });

  test("go on in the space in which the first page began", async () => {
    const opened = await filled(3, { shardCount: 1 });
    const { next } = await opened.catalog.itemVectors.page(undefined, 2);
    const newer = { ...ITEM, revision: "00000000000b" };
    const options = { shards: opened.namespace, shardCount: 1 };
    const later = openCatalog({ ...options, item: newer, older: { items: [ITEM] } });
    expect((await later.catalog.itemVectors.page(next, 2)).space).toMatchObject(ITEM);
    const gone = openCatalog({ ...options, item: newer });
    await expect(gone.catalog.itemVectors.page(next, 2)).rejects.toThrow(InvalidCursorError);
  });

  test.each(["", "%", "W10", btoa('["list","item-1"]'), btoa('["vectors","00000000000a",99,""]')])(
    "refuse the cursor %j",
    async (cursor) => {
      const { catalog } = await filled(1);
      await expect(catalog.itemVectors.page(cursor, 1)).rejects.toThrow(InvalidCursorError);
    },
  );

  test("do not exist where items have no space", async () => {
    const { catalog } = openCatalog();
    await expect(catalog.itemVectors.revision()).rejects.toThrow(NoItemSpaceError);
  });
});

describe("GET /v1/item-vectors", () => {
  async function routes(count: number) {
    const opened = await filled(count);
    const app = new OpenAPIHono<AppEnv>({ defaultHook: validationHook });
    app.onError(
      (error) => new Response(error.name, { status: (error as { status?: number }).status ?? 500 }),
    );
    itemVectors(app, opened);
    const get = (query = "", headers: Record<string, string> = {}) =>
      app.request(`/v1/item-vectors${query}`, { headers });
    const page = async (response: Response): Promise<VectorPage> =>
      decodeVectorPage(new Uint8Array(await response.arrayBuffer()));
    return { ...opened, get, page };
  }

  test("answers pages as safetensors, with the model and a cursor", async () => {
    const { get, page } = await routes(5);
    const all: string[] = [];
    for (let query = "?limit=2"; query; ) {
      const response = await get(query);
      expect(response.status).toBe(200);
      expect(response.headers.get("x-corkboard-model")).toBe("test-item@00000000000a");
      expect(response.headers.get("cache-control")).toBe("no-store");
      const { ids, vectors, dimensions, model, next } = await page(response);
      expect([model, dimensions]).toEqual(["test-item@00000000000a", 256]);
      for (const [row, id] of ids.entries()) {
        const own = toHalf(vectorOf(1_000 + Number(id.split("-")[1])));
        expect(vectors.slice(row * 256, (row + 1) * 256)).toEqual(own);
      }
      all.push(...ids);
      query = next === undefined ? "" : `?limit=2&cursor=${next}`;
    }
    expect(all.sort()).toEqual(["item-0", "item-1", "item-2", "item-3", "item-4"]);
  });

  test("says that nothing has changed, until something has", async () => {
    const { get, catalog } = await routes(2);
    const etag = (await get()).headers.get("etag")!;
    const same = await get("", { "if-none-match": etag });
    expect([same.status, same.headers.get("etag"), await same.text()]).toEqual([304, etag, ""]);
    await catalog.delete("item-1");
    const changed = await get("", { "if-none-match": etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(etag);
  });

  test.each(["?limit=0", `?limit=${MAX_VECTORS_PER_PAGE + 1}`, "?limit=x", "?cursor=x"])(
    "refuses %s",
    async (query) => {
      const { get } = await routes(0);
      expect((await get(query)).status).toBe(400);
    },
  );
});
