import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClusteredVectors } from "../../../bench/search/clustered-vectors.ts";
import { InvalidQueryError } from "../../../src/catalog/vector-index.ts";
import { MAX_UPSERT } from "../../../src/catalog/vectorize/limits.ts";
import { propertyOf } from "../../../src/catalog/vectorize/metadata.ts";
import { VectorizeIndex, type VectorizeOptions } from "../../../src/catalog/vectorize/vectorize-index.ts";
import { entries } from "../entries.ts";
import { testVectorIndex } from "../vector-index.contract.ts";
import { FakeVectorize, TOKEN } from "./fake-vectorize.ts";

const attributes = { colour: "string", weight: "number", sale: "boolean", unheard: "string" } as const;

async function open(options: Partial<VectorizeOptions> = {}) {
  const fake = new FakeVectorize();
  const baseUrl = await fake.listen();
  const all = {
    accountId: "account",
    apiToken: TOKEN,
    indexName: "corkboard",
    baseUrl,
    attributes,
    interval: 2,
  };
  const index = new VectorizeIndex({ ...all, retryDelay: 1, ...options });
  await index.create();
  return { fake, index, settle: () => index.settled(), close: () => fake.close(), baseUrl };
}

testVectorIndex("Vectorize over HTTP", open, { listAttributes: false });

describe("Vectorize", () => {
  const vectors = new ClusteredVectors(3, 100);
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    opened.fake.failures.length = 0;
  });

  test("writes can be found once they are settled, and not before", async () => {
    opened.fake.delay = 50;
    await opened.index.upsert(entries(3, vectors));
    expect(await opened.index.size()).toBe(0);
    await opened.index.settled();
    expect(await opened.index.size()).toBe(3);
    opened.fake.delay = 1;
  });

  test("more vectors than a call takes go in several", async () => {
    const before = opened.fake.calls;
    const [one] = entries(1, vectors);
    await opened.index.upsert(
      Array.from({ length: MAX_UPSERT + 1 }, (_, n) => ({ ...one!, id: `same-${n % 2}` })),
    );
    expect(opened.fake.calls - before).toBe(2);
    await opened.index.settled();
  });

  test("what may pass is repeated, what may not is reported", async () => {
    const query = { vector: vectors.at(1), k: 1 };
    opened.fake.failures.push(429, 503);
    expect(await opened.index.search(query)).toHaveLength(1);
    opened.fake.failures.push(500, 500, 500);
    await expect(opened.index.search(query)).rejects.toMatchObject({
      status: 503,
      code: "vectorize",
      retryAfter: 5,
    });
    opened.fake.failures.push(400);
    await expect(opened.index.search(query)).rejects.toMatchObject({
      status: 502,
      message: /no luck \(10000\)/,
    });
    const { baseUrl } = opened;
    const stranger = new VectorizeIndex({
      accountId: "account",
      apiToken: "wrong",
      indexName: "corkboard",
      baseUrl,
    });
    await expect(stranger.search(query)).rejects.toMatchObject({ status: 502 });
  });

  test("long texts that begin alike stay different", async () => {
    const [one] = entries(1, vectors);
    const long = "Home & Garden > Decor > Vases > Handmade vases of clay and porcelain, ".repeat(2);
    await opened.index.upsert([
      { ...one!, id: "long-1", facets: { category: `${long}1` } },
      { ...one!, id: "long-2", facets: { category: `${long}2` } },
    ]);
    await opened.index.settled();
    const hits = await opened.index.search({ vector: one!.vector, k: 10, filter: { category: `${long}2` } });
    expect(hits.map(({ id }) => id)).toEqual(["long-2"]);
  });

  test("filters that Vectorize cannot run are refused before it is asked", async () => {
    const { calls } = opened.fake;
    const query = { vector: vectors.at(1), k: 1 };
    const bad = [
      { attributes: { size: "XL" } },
      { category: Array.from({ length: 60 }, (_, n) => `a category with a long name, number ${n}`) },
    ];
    for (const filter of bad)
      await expect(opened.index.search({ ...query, filter })).rejects.toThrow(InvalidQueryError);
    expect(opened.fake.calls).toBe(calls);
  });

  test("a namespace keeps catalogues apart", async () => {
    const { fake, baseUrl } = opened;
    const of = (namespace: string) =>
      new VectorizeIndex({
        accountId: "account",
        apiToken: TOKEN,
        indexName: "corkboard",
        baseUrl,
        namespace,
        interval: 2,
      });
    const [one, two] = entries(2, vectors, 50);
    await of("left").upsert([one!]);
    const right = of("right");
    await right.upsert([two!]);
    await right.settled();
    const found = await of("left").search({ vector: two!.vector, k: 10 });
    expect(found.map(({ id }) => id)).toEqual([one!.id]);
    expect(fake.failures).toEqual([]);
  });

  test("what Vectorize has no room for is refused at once", () => {
    const options = { accountId: "account", apiToken: TOKEN, indexName: "corkboard" };
    const nine = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`a${n}`, "string" as const]));
    expect(() => new VectorizeIndex({ ...options, attributes: nine })).toThrow(RangeError);
    expect(() => new VectorizeIndex({ ...options, namespace: "ä".repeat(33) })).toThrow(RangeError);
  });

  test("names of attributes become names that Vectorize takes, each its own", () => {
    const names = ["a.b", 'a"b', "a%2eb", "$a", ""].map(propertyOf);
    expect(new Set(names).size).toBe(5);
    for (const name of names) expect(name).toMatch(/^[^.$"][^."]*$/);
  });
});
