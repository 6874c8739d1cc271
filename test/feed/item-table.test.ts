import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { annIndex } from "../../src/feed/ann.ts";
import { buildItemTable, ItemTableError } from "../../src/feed/item-table.ts";
import { KvPool } from "../../src/feed/kv-pool.ts";
import type { SequenceModel } from "../../src/feed/sequence-model.ts";
import { TableKeeper } from "../../src/feed/table-keeper.ts";
import { TableSource } from "../../src/feed/table-source.ts";
import { topOf } from "../../src/feed/top.ts";
import { type CachedHistory, Cascade } from "../../src/feed/unipinrec.ts";
import { encodeVectorPage, MAX_PAGE_BYTES, type VectorPage } from "../../src/feed/vector-page.ts";
import { fromHalf } from "../../src/runtime/half.ts";
import { contents, listOf, loadTiny, pagesOf, requestOf, tableOf, tinyManifest } from "./tiny-model.ts";

let model: SequenceModel;
beforeAll(async () => {
  model = await loadTiny();
});

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((listening) => server!.once("listening", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const encoded = ({ vectors, ...page }: VectorPage) =>
  encodeVectorPage({ ...page, vectors: fromHalf(vectors) });

/** A catalogue of `count` items whose vectors are those of `seed`. */
function catalogue(state: { count: number; seed: number; failing?: number }) {
  const asked: { url: string; key: string | undefined; status: number }[] = [];
  const listener: RequestListener = async (request, response) => {
    const etag = `"${state.seed}-${state.count}"`;
    const url = new URL(request.url!, "http://host");
    const at = Number(url.searchParams.get("cursor") ?? 0);
    const status = (state.failing ?? 0) > 0 ? 503 : request.headers["if-none-match"] === etag ? 304 : 200;
    if (status === 503) state.failing! -= 1;
    asked.push({ url: request.url!, key: request.headers.authorization, status });
    response.writeHead(status, { ...(at === 0 && { etag }) });
    if (status !== 200) return response.end();
    const pages = await listOf(pagesOf(state.count, state.seed));
    const next = at + 1 < pages.length ? String(at + 1) : undefined;
    response.end(encoded({ ...pages[at]!, next }));
  };
  return { listener, asked };
}

const source = (url: string, more = {}) => new TableSource({ url, retryMs: 1, ...more });

describe("an index of vectors", () => {
  it("finds exactly the nearest without usearch", async () => {
    const vectors = contents(2_500, 3);
    const index = await annIndex(16, "exact");
    index.add(vectors.subarray(0, 100 * 16));
    index.add(vectors.subarray(100 * 16));
    const query = contents(1, 4);
    const dots = Array.from({ length: 2_500 }, (_, row) =>
      query.reduce((sum, value, at) => sum + value * vectors[row * 16 + at]!, 0),
    );
    const { rows, similarities } = index.search(query, 20);
    const expected = [...dots.keys()].sort((a, b) => dots[b]! - dots[a]!).slice(0, 20);
    expect([...rows]).toEqual(expected);
    expect(similarities[0]).toBeCloseTo(dots[expected[0]!]!, 5);
    expect(index.search(query, 5_000).rows).toHaveLength(2_500);
  });

  it("finds nearly all of them with usearch", async () => {
    const vectors = contents(3_000, 3);
    const [exact, graph] = [await annIndex(16, "exact"), await annIndex(16)];
    expect(graph.kind).toBe("usearch");
    for (const index of [exact, graph]) index.add(vectors);
    let found = 0;
    for (let seed = 10; seed < 20; seed++) {
      const query = contents(1, seed);
      const truth = new Set(exact.search(query, 50).rows);
      const { rows, similarities } = graph.search(query, 50);
      found += [...rows].filter((row) => truth.has(row)).length;
      expect([...similarities]).toEqual([...similarities].sort((a, b) => b - a));
    }
    expect(found / 500).toBeGreaterThan(0.95);
  });

  it("finds nothing in nothing", async () => {
    for (const kind of ["exact", "usearch"] as const) {
      expect((await annIndex(16, kind)).search(contents(1, 1), 5).rows).toHaveLength(0);
    }
  });

  it("orders scores as sorting does", () => {
    const scores = Array.from({ length: 300 }, (_, at) => (at * 7_919) % 97);
    const sorted = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
    for (const k of [0, 1, 10, 299, 300, 999]) expect([...topOf(scores, k)]).toEqual(sorted.slice(0, k));
  });
});

describe("a table of items", () => {
  it("holds what the item graph makes of the catalogue's vectors", async () => {
    const table = await tableOf(model, 130);
    expect([table.size, table.revision, table.rowOf("item-129"), table.rowOf("nothing")]).toEqual([
      130,
      '"1"',
      129,
      undefined,
    ]);
    const [page] = await listOf(pagesOf(130, 1, 130));
    const expected = await model.items(fromHalf(page!.vectors));
    for (const [at, value] of fromHalf(table.vectors([7, 129])).entries()) {
      const row = at < 16 ? 7 : 129;
      expect(value).toBeCloseTo(expected[row * 16 + (at % 16)]!, 3);
    }
  });

  const build = (pages: AsyncIterable<VectorPage>, more = {}) =>
    buildItemTable({ model, revision: "r", pages, index: "exact", ...more });
  const changed = async function* (change: Partial<VectorPage>) {
    for await (const page of pagesOf(10, 1)) yield { ...page, ...change };
  };

  it("takes an item once that comes twice", async () => {
    const twice = async function* () {
      yield* pagesOf(60, 1);
      yield* pagesOf(60, 1);
    };
    expect((await build(twice())).size).toBe(60);
  });

  it.each([
    ["of another model", changed({ model: "other@0123456789ab" }), {}, "the model takes tiny-content"],
    ["of another length", changed({ dimensions: 8 }), {}, "8 components"],
    ["that are too many", pagesOf(60, 1), { maxItems: 59 }, "more than 59 items"],
    [
      "that are no numbers",
      changed({ vectors: new Uint16Array(160).fill(0x7e00) }),
      {},
      "a vector of length NaN",
    ],
  ])("refuses vectors %s", async (_, pages, more, message) => {
    const built = build(pages, more);
    await expect(built).rejects.toThrow(ItemTableError);
    await expect(built).rejects.toThrow(message);
  });
});

describe("pulling the items", () => {
  it("reads all pages, with the key, and nothing when nothing has changed", async () => {
    const { listener, asked } = catalogue({ count: 120, seed: 1 });
    const pulling = source(await serve(listener), { key: "ck_a_b" });
    const pulled = await pulling.pull();
    const ids = (await listOf(pulled!.pages)).flatMap((page) => page.ids);
    expect([ids.length, ids[119], pulled!.revision]).toEqual([120, "item-119", '"1-120"']);
    expect(asked.map(({ key }) => key)).toEqual(Array(3).fill("Bearer ck_a_b"));
    expect(await pulling.pull(pulled!.revision)).toBeUndefined();
    expect(asked.at(-1)!.status).toBe(304);
  });

  it("asks again when the catalogue is busy, and gives up when it stays so", async () => {
    const state = { count: 10, seed: 1, failing: 3 };
    const onRetry = vi.fn();
    const pulling = source(await serve(catalogue(state).listener), { onRetry });
    expect(await pulling.pull()).toBeDefined();
    expect(onRetry).toHaveBeenCalledTimes(3);
    state.failing = 99;
    await expect(pulling.pull()).rejects.toThrow("the catalogue answered 503");
  });

  const poisoned: [string, RequestListener, string][] = [
    ["a refusal", (_, response) => response.writeHead(401).end(), "ORIGIN_CATALOG_KEY"],
    [
      "another path",
      (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      "does not answer",
    ],
    ["no etag", async (_, r) => r.end(encoded((await listOf(pagesOf(1, 1)))[0]!)), "no etag"],
    [
      "a body without end",
      (_, r) => void r.writeHead(200, { etag: '"1"' }).end(new Uint8Array(MAX_PAGE_BYTES + 1)),
      "longer than",
    ],
    ["an answer that never comes", () => undefined, "does not answer"],
    ["nothing modified that was never read", (_, response) => response.writeHead(304).end(), "answered 304"],
  ];
  it.each(poisoned)("refuses %s", async (_, listener, message) => {
    const pulling = source(await serve(listener), { timeoutMs: 300 });
    const pulled = pulling.pull();
    await expect(pulled).rejects.toThrow(ItemTableError);
    await expect(pulled).rejects.toThrow(message);
  });

  it("refuses pages that come to no end, and pages that are none", async () => {
    const [page] = await listOf(pagesOf(1, 1));
    const endless: RequestListener = (_, r) =>
      void r.writeHead(200, { etag: '"1"' }).end(encoded({ ...page!, next: "again" }));
    const pulled = await source(await serve(endless)).pull();
    await expect(listOf(pulled!.pages)).rejects.toThrow("come to no end");
    server?.close();
    const garbage: RequestListener = (_, r) => void r.writeHead(200, { etag: '"1"' }).end("<html></html>");
    const nonsense = await source(await serve(garbage)).pull();
    await expect(listOf(nonsense!.pages)).rejects.toThrow("Its header");
  });
});

describe("keeping the table up to date", () => {
  async function setUp(state: Parameters<typeof catalogue>[0]) {
    const lines: string[] = [];
    const url = await serve(catalogue(state).listener);
    const log = (line: string) => void lines.push(line);
    const keeper = new TableKeeper({ source: source(url), model, everyMs: 60_000, index: "exact", log });
    return { keeper, lines, state };
  }

  it("swaps the table when the catalogue has changed, and keeps it when it has not", async () => {
    const { keeper, state } = await setUp({ count: 60, seed: 1 });
    await keeper.look();
    const first = keeper.table;
    await keeper.look();
    expect(keeper.table).toBe(first);
    Object.assign(state, { count: 61 });
    await keeper.look();
    expect([first!.size, keeper.table!.size]).toEqual([60, 61]);
  });

  it("keeps the table that it has while the catalogue fails or has vectors of another model", async () => {
    const { keeper, state, lines } = await setUp({ count: 60, seed: 1 });
    await keeper.look();
    const { table } = keeper;
    Object.assign(state, { count: 61, failing: 10 });
    await keeper.look();
    await keeper.look();
    expect([keeper.table, keeper.problem]).toEqual(
      [table, "the catalogue answered 503"].map((one, at) => (at ? expect.stringContaining("503") : one)),
    );
    expect(lines.filter((line) => line.includes("503"))).toHaveLength(1);
    await keeper.look();
    expect([keeper.table!.size, keeper.problem]).toEqual([61, undefined]);
  });

  it("answers while tables are swapped, each request from the table that it began with", async () => {
    const { keeper, state } = await setUp({ count: 60, seed: 1 });
    await keeper.look();
    const pool = new KvPool<CachedHistory>({ budgetBytes: 2 ** 20, ttlMs: 60_000 });
    const cascade = new Cascade({ model, pool, table: () => keeper.table });
    const seen = new Set<string>();
    let swaps = 0;
    const swapping = (async () => {
      for (; swaps < 4; swaps++) {
        Object.assign(state, { seed: state.seed + 1 });
        await keeper.look();
      }
    })();
    while (swaps < 4) {
      const answers = await Promise.all(
        [1, 2, 3].map((n) => cascade.rank(requestOf(0, n, { user: `u-${n}` }))),
      );
      for (const { table, ids } of answers) {
        seen.add(table);
        expect(ids).toHaveLength(12);
      }
    }
    await swapping;
    expect(seen.size).toBeGreaterThan(1);
    const { revision } = keeper.table!;
    const last = await cascade.rank(requestOf(0, 3, { user: "u-3" }));
    const anew = await cascade.rank(requestOf(0, 3, { user: "u-9" }));
    expect([last.table, anew.table]).toEqual([revision, revision]);
    expect(last.ids).toEqual(anew.ids);
  });

  it("goes over to vectors of the new table where a history's own have changed", async () => {
    const { keeper, state } = await setUp({ count: 60, seed: 1 });
    await keeper.look();
    const pool = new KvPool<CachedHistory>({ budgetBytes: 2 ** 20, ttlMs: 60_000 });
    const cascade = new Cascade({ model, pool, table: () => keeper.table });
    await cascade.rank(requestOf(0, 4));
    Object.assign(state, { count: 61 });
    await keeper.look();
    expect((await cascade.rank(requestOf(0, 5))).reused).toBe(4);
    Object.assign(state, { seed: 2 });
    await keeper.look();
    expect((await cascade.rank(requestOf(0, 6))).reused).toBe(0);
    expect(tinyManifest.max_history).toBeGreaterThan(6);
  });
});
