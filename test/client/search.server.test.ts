/** Search, and everything else that the typed client does, against the whole product. */
import { beforeAll, describe, expect, it } from "vitest";
import { readAdminToken } from "../../src/cli/server/admin-token.ts";
import { Corkboard, NotFoundError, type ProblemError, UnauthorizedError } from "../../src/client/index.ts";
import { dataUrl, drawJpeg } from "../http/pictures.ts";
import { collect, wholeProduct } from "./whole-product.ts";

const product = wholeProduct();

beforeAll(async () => {
  const items = [10, 11, 12, 13, 14, 15].map((seed) => ({
    id: `batch-${seed}`,
    image: drawJpeg(seed),
    category: seed % 2 ? "odd" : "even",
    price: seed,
  }));
  const attributes = { colour: ["red", "oak"], legs: 4 };
  const chair = { id: "chair-1", image: drawJpeg(1), category: "chair", price: 50, attributes };
  await collect(product.corkboard.items.batch([...items, chair]));
  await product.embedded("chair-1", ...items.map(({ id }) => id));
});

describe("search", () => {
  it.each([
    ["bytes", drawJpeg(12)],
    ["a data URL", dataUrl(drawJpeg(12))],
  ])("by %s finds the picture first", async (_, image) => {
    const { results, query } = await product.corkboard.search({ image, limit: 2, explain: true });
    expect(results[0]).toMatchObject({ id: "batch-12", explanation: { hamming: 0, hammingRank: 1 } });
    expect(results[0]!.score).toBeCloseTo(1, 5);
    expect(results).toHaveLength(2);
    const byVector = await product.corkboard.search({ vector: query!.vector, limit: 2 });
    expect(byVector.results.map(({ id }) => id)).toEqual(results.map(({ id }) => id));
  });

  it("by item leaves the item out; filters hold", async () => {
    const { results } = await product.corkboard.search({
      item: "batch-12",
      filter: { category: ["even", "chair"], price: { min: 11, max: 100 }, attributes: {} },
    });
    expect(results.map(({ id }) => id).sort()).toEqual(["batch-14", "chair-1"]);
    const oak = await product.corkboard.search({
      item: "batch-12",
      filter: { attributes: { colour: "oak", legs: 4 } },
    });
    expect(oak.results.map(({ id }) => id)).toEqual(["chair-1"]);
  });

  it("by a part of a picture is another search", async () => {
    const whole = await product.corkboard.search({ image: drawJpeg(12), limit: 1 });
    const part = await product.corkboard.search({ image: drawJpeg(12), crop: [0, 0, 0.5, 0.5], limit: 1 });
    expect(part.query!.vector).not.toBe(whole.query!.vector);
    const all = await product.corkboard.search({
      image: dataUrl(drawJpeg(12)),
      crop: [0, 0, 1, 1],
      limit: 1,
    });
    expect(all.query!.vector).toBe(whole.query!.vector);
  });

  it("goes on page by page, each result once", async () => {
    const paged = await collect(product.corkboard.searchAll({ image: drawJpeg(12), limit: 2 }));
    const { results } = await product.corkboard.search({ image: drawJpeg(12), limit: 200 });
    expect(paged.map(({ id }) => id)).toEqual(results.map(({ id }) => id));
    expect(paged.length).toBeGreaterThan(5);
  });

  it("takes words; refuses nothing, two things at once, and what has no direction", async () => {
    const code = (query: object) =>
      product.corkboard.search(query as { item: string }).then(
        () => "found",
        (error: ProblemError) => error.code,
      );
    expect(await code({ text: "a red chair" })).toBe("found");
    expect(await code({})).toBe("invalid-request");
    expect(await code({ item: "batch-12", vector: new Array(256).fill(1) })).toBe("invalid-request");
    expect(await code({ vector: new Array(256).fill(0) })).toBe("invalid-request");
    expect(await code({ vector: [1, 2, 3] })).toBe("invalid-request");
    expect(await code({ item: "batch-12", limit: 201 })).toBe("invalid-request");
    expect(await code({ item: "batch-12", crop: [0, 0, 1, 1] })).toBe("invalid-request");
    expect(await code({ image: drawJpeg(1), crop: [0.5, 0, 0.5, 1] })).toBe("invalid-request");
    expect(await code({ item: "nobody" })).toBe("item-not-found");
    expect(await code({ image: "http://127.0.0.1/x.jpg" })).toBe("address-refused");
  });

  it("takes the picture itself as the body, with options in the query", async () => {
    const filter = encodeURIComponent(JSON.stringify({ category: "even" }));
    const response = await fetch(`${product.server.origin}/v1/search?limit=1&crop=0,0,1,1&filter=${filter}`, {
      method: "POST",
      headers: { "content-type": "image/jpeg" },
      body: drawJpeg(12),
    });
    expect(await response.json()).toMatchObject({ results: [{ id: "batch-12" }] });
  });
});

describe("the rest", () => {
  it("counts what there is", async () => {
    const { items, states, categories, nearDuplicates, model } = await product.corkboard.catalog();
    expect(items).toBe(states.pending + states.embedded + states.failed);
    expect(categories).toContainEqual({ category: "odd", items: 3 });
    expect(model).toMatch(/^unified-embedding@/);
    expect(nearDuplicates).toBeTypeOf("number");
  });

  it("names pictures that are there twice", async () => {
    await product.corkboard.items.put("twin", { image: drawJpeg(12) });
    await product.embedded("twin");
    expect(await product.corkboard.items.duplicates("twin")).toMatchObject({
      id: "twin",
      duplicates: [{ id: "batch-12", by: "picture" }],
    });
    const { groups } = await product.corkboard.duplicates();
    expect(groups).toContainEqual({ id: "batch-12", duplicates: [expect.objectContaining({ id: "twin" })] });
  });

  it("embeds, and finds embeddings and models", async () => {
    const { data, model } = await product.corkboard.embeddings.create({
      input: [drawJpeg(12), drawJpeg(13)],
    });
    expect(data).toHaveLength(2);
    const stored = await product.corkboard.embeddings.get(model, data[0]!.sha256);
    expect(stored.embedding).toEqual(data[0]!.embedding);
    const models = await product.corkboard.models.list();
    expect(models.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "complete-the-look",
        "pinclip",
        "pinclip-text",
        "shop-the-look",
        "unified-embedding",
      ]),
    );
    expect((await product.corkboard.models.get("unified-embedding")).pinned).toBe(model);
    expect((await product.corkboard.ready()).status).toBe("ready");
  });

  it("tries failed items again", async () => {
    expect(await product.corkboard.items.retry("twin")).toBe(0);
    expect(await product.corkboard.items.retry()).toBe(0);
    await expect(product.corkboard.items.retry("nobody")).rejects.toThrow(NotFoundError);
  });

  it("manages keys with the admin token only", async () => {
    await expect(product.corkboard.keys.list()).rejects.toThrow(UnauthorizedError);
    const admin = new Corkboard({
      baseUrl: product.server.origin,
      key: await readAdminToken(product.storage),
    });
    const { key, id } = await admin.keys.create({ name: "shop", scopes: ["read"] });
    expect(await admin.keys.list()).toEqual([
      expect.objectContaining({ id, name: "shop", scopes: ["read"] }),
    ]);
    const reader = new Corkboard({ baseUrl: product.server.origin, key });
    await expect(reader.items.delete("twin")).rejects.toMatchObject({ code: "scope-missing" });
    await admin.keys.revoke(id);
    await expect(reader.catalog()).rejects.toMatchObject({ code: "invalid-key" });
  });

  it("keeps what was written when the server ends and starts again", async () => {
    const before = await collect(product.corkboard.items.all());
    await product.restart();
    expect(await collect(product.corkboard.items.all())).toEqual(before);
  });
});
