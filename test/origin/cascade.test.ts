/** The cascade as an origin serves it: a real thread, a real catalogue over HTTP, and what it refuses. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cascadeSetup, hostedChoice } from "../../functions/origin/cascade-setup.ts";
import { type Origin, startOrigin } from "../../functions/origin/server.ts";
import { MAX_REQUEST_EXCLUDED, MAX_REQUEST_TOKENS, MAX_USER_BYTES } from "../../src/feed/cascade-request.ts";
import { encodeVectorPage } from "../../src/feed/vector-page.ts";
import { bytesTensor, textsOf } from "../../src/inference/bytes-data.ts";
import { InferenceClient, type InferOptions } from "../../src/inference/client.ts";
import {
  DeadlineExceededError,
  HostRefusedError,
  HostUnavailableError,
  ModelNotFoundError,
} from "../../src/inference/errors.ts";
import { fromHalf } from "../../src/runtime/half.ts";
import type { BytesTensor, Tensors } from "../../src/runtime/tensor.ts";
import { listOf, pagesOf, requestOf, TINY_FOLDER, tinyManifest } from "../feed/tiny-model.ts";
import { heldBytes, heldFile, heldManifest, heldRuntime } from "../runtime/held.ts";
import { threadFile } from "../runtime/thread-file.ts";

const THREAD = threadFile("../../src/feed/cascade-thread.ts");
/** A thread that has a table and never answers a request. */
const STUCK_THREAD = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    const pool = { entries: 0, bytes: 0, hits: 0, misses: 0, evictions: 0 };
    const table = { revision: "r", items: 1, index: "exact", builtAt: 0, checkedAt: 0 };
    const result = { provider: "cpu", precision: "fp32", pool, table };
    parentPort.on("message", ({ id, kind }) => kind === "start" && parentPort.postMessage({ id, result }));
  `)}`,
);
const SECRET = "a-secret-of-more-than-24-characters";

let catalogue: Server;
let url: string;
/** What the catalogue answers. */
let answer: RequestListener;

const full: RequestListener = async (request, response) => {
  const etag = '"the-table"';
  if (request.headers["if-none-match"] === etag) return response.writeHead(304).end();
  const [page] = await listOf(pagesOf(120, 1, 120));
  response.writeHead(200, { etag }).end(encodeVectorPage({ ...page!, vectors: fromHalf(page!.vectors) }));
};

beforeAll(async () => {
  catalogue = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
  await new Promise((listening) => catalogue.once("listening", listening));
  url = `http://127.0.0.1:${(catalogue.address() as AddressInfo).port}`;
});
afterAll(() => catalogue.close());

interface Started {
  readonly origin: Origin;
  readonly client: InferenceClient;
  rank(inputs?: Tensors, options?: InferOptions): Promise<Tensors>;
}
interface StartOptions {
  readonly maxWaiting?: number;
  readonly thread?: URL;
  /** Serves nothing else. */
  readonly alone?: boolean;
}
let started: Started | undefined;
afterEach(async () => {
  await started?.origin.stop();
  started = undefined;
});

async function start(listener: RequestListener = full, options: StartOptions = {}): Promise<Started> {
  answer = listener;
  const held = heldRuntime();
  const model = { manifest: heldManifest, precision: "fp32" as const, file: heldFile };
  const origin = await startOrigin({
    store: { list: async () => (options.alone ? [] : [model]), read: async () => heldBytes() },
    runtime: held.runtime,
    host: "127.0.0.1",
    port: 0,
    secret: SECRET,
    maxWaiting: options.maxWaiting,
    cascade: {
      manifest: tinyManifest,
      folder: fileURLToPath(TINY_FOLDER),
      provider: "cpu",
      threads: 1,
      catalog: { url },
      tableEveryMs: 1_000,
      kvBytes: 2 ** 20,
      kvTtlMs: 60_000,
      thread: options.thread ?? THREAD,
      log: () => undefined,
    },
  });
  const client = new InferenceClient({ baseUrl: origin.url, secret: SECRET, timeoutMs: 20_000 });
  await origin.startCascade();
  started = {
    origin,
    client,
    rank: (inputs = inputsOf(), more = {}) => client.infer("unipinrec", inputs, more),
  };
  return started;
}

async function withTable(options: StartOptions = {}): Promise<Started> {
  const running = await start(full, options);
  await expect
    .poll(async () => (await running.client.metadata("unipinrec")).parameters!.table, { timeout: 15_000 })
    .toMatchObject({ items: 120 });
  return running;
}

function inputsOf(from = 0, to = 5, more: Tensors = {}): Tensors {
  const { user, items, actions, times, surfaces, now, surface, limit } = requestOf(from, to);
  const n = items.length;
  return {
    user: bytesTensor([user]),
    items: bytesTensor(items),
    actions: { datatype: "UINT8", shape: [n, 5], data: actions },
    times: { datatype: "INT64", shape: [n], data: BigInt64Array.from(times, BigInt) },
    surfaces: bytesTensor(surfaces),
    now: { datatype: "INT64", shape: [1], data: BigInt64Array.of(BigInt(now)) },
    surface: bytesTensor([surface]),
    limit: { datatype: "INT32", shape: [1], data: Int32Array.of(limit) },
    ...more,
  };
}

const texts = (tensor: unknown) => textsOf("answer", tensor as BytesTensor);

describe("the cascade on an origin", () => {
  it("ranks items for a history, and goes on where the last request ended", async () => {
    const { rank, client } = await withTable();
    const exclude = bytesTensor(["item-60", "item-61"]);
    const first = await rank(inputsOf(0, 5, { exclude }));
    const ids = texts(first.ids);
    expect(ids).toHaveLength(12);
    expect(ids).not.toContain("item-60");
    expect(first.probabilities!.shape).toEqual([12, 5]);
    expect(first.similarities!.shape).toEqual([12]);
    expect(texts(first.table)).toEqual(['"the-table"']);
    expect([...(first.reused!.data as Int32Array)]).toEqual([0]);
    const second = await client.infer(`unipinrec@${tinyManifest.revision}`, inputsOf(0, 6), {
      outputs: ["ids", "reused"],
    });
    expect([Object.keys(second), [...(second.reused!.data as Int32Array)]]).toEqual([["ids", "reused"], [5]]);
  });

  it("says what it takes, runs on and keeps, also to Prometheus", async () => {
    const { client, rank, origin } = await withTable();
    await rank();
    const metadata = await client.metadata("unipinrec");
    expect(metadata.inputs.map(({ name }) => name)).toEqual(
      Object.keys(inputsOf()).flatMap((name) => (name === "limit" ? ["exclude", name] : name)),
    );
    expect(metadata.outputs.map(({ name }) => name)).toContain("probabilities");
    expect(metadata.parameters).toMatchObject({
      provider: "cpu",
      precision: "fp32",
      graphs: ["item", "history", "candidates"],
      kv: { entries: 1, budget_bytes: 2 ** 20 },
      table: { items: 120, index: "usearch" },
      problem: null,
    });
    const text = await (await fetch(`${origin.url}/metrics`)).text();
    expect(text).toContain("corkboard_cascade_table_items 120");
    expect(text).toContain("corkboard_cascade_kv_entries 1");
    expect(text).toContain('corkboard_cascade_stage_seconds_count{stage="candidates"} 1');
    expect(text).toContain("corkboard_cascade_answers_total 1");
  });

  it("is not ready before it has a table, and says why", async () => {
    const { client, rank } = await start((_, response) => response.writeHead(401).end());
    await expect.poll(async () => (await client.metadata("unipinrec")).parameters!.problem).toContain("401");
    const refused = rank();
    await expect(refused).rejects.toThrow(HostUnavailableError);
    await expect(refused).rejects.toThrow("ORIGIN_CATALOG_KEY");
  });

  it("counts for the origin's readiness where nothing else is served, and only there", async () => {
    const nothing: RequestListener = (_, response) => response.writeHead(404).end();
    const health = async () => {
      const response = await fetch(`${started!.origin.url}/v2/health/ready`);
      return [response.status, await response.json()];
    };
    const beside = await start(nothing);
    expect(await health()).toEqual([200, { live: true, ready: true }]);
    await beside.origin.stop();
    await start(nothing, { alone: true });
    expect(await health()).toEqual([503, { error: expect.stringContaining("items") }]);
    answer = full;
    await expect.poll(health, { timeout: 15_000 }).toEqual([200, { live: true, ready: true }]);
  });

  it("gets its table when the catalogue comes later", async () => {
    const { rank, client } = await start((_, response) => response.writeHead(404).end());
    await expect.poll(async () => (await client.metadata("unipinrec")).parameters!.problem).toContain("404");
    answer = full;
    await expect
      .poll(async () => (await client.metadata("unipinrec")).parameters!.table, { timeout: 15_000 })
      .toMatchObject({ items: 120 });
    expect(texts((await rank()).ids)).toHaveLength(12);
  });

  it("drops a request whose time is over, and answers the next", async () => {
    const { rank } = await withTable();
    await expect(rank(inputsOf(), { timeoutMs: 1 })).rejects.toThrow(DeadlineExceededError);
    expect(texts((await rank()).ids)).toHaveLength(12);
  });

  it("lets as many wait as it is told, and refuses the others at once", async () => {
    const { rank } = await start(full, { maxWaiting: 1, thread: STUCK_THREAD });
    const sent = Array.from({ length: 12 }, () =>
      rank(inputsOf(), { timeoutMs: 2_000 }).catch((error) => error),
    );
    const errors: unknown[] = await Promise.all(sent);
    const refused = errors.filter((error) => error instanceof HostUnavailableError);
    // Four are in the thread, one waits.
    expect(refused).toHaveLength(7);
    for (const { message, retryAfter } of refused) {
      expect(message).toContain("waiting");
      expect(retryAfter).toBeGreaterThan(0);
    }
    expect(errors.filter((error) => error instanceof DeadlineExceededError)).toHaveLength(5);
  });

  it("refuses whoever does not sign, and other revisions", async () => {
    const { origin, client } = await withTable();
    const stranger = new InferenceClient({ baseUrl: origin.url });
    await expect(stranger.infer("unipinrec", inputsOf())).rejects.toThrow("401");
    await expect(client.infer("unipinrec@000000000000", inputsOf())).rejects.toThrow(ModelNotFoundError);
  });

  it("refuses every poisoned tensor by name, and answers the next request", async () => {
    const { rank } = await withTable();
    const int64 = (...values: bigint[]): Tensors[string] => ({
      datatype: "INT64",
      shape: [values.length],
      data: BigInt64Array.from(values),
    });
    const int32 = (...values: number[]): Tensors[string] => ({
      datatype: "INT32",
      shape: [values.length],
      data: Int32Array.from(values),
    });
    const many = (count: number) => bytesTensor(Array.from({ length: count }, (_, at) => `x-${at}`));
    const bytes = (...data: Uint8Array[]): BytesTensor => ({ datatype: "BYTES", shape: [data.length], data });
    const actions = (value: number, n = 5): Tensors[string] => ({
      datatype: "UINT8",
      shape: [n, 5],
      data: new Uint8Array(n * 5).fill(value),
    });
    const times = inputsOf().times!.data as BigInt64Array;
    const poisoned: [string, Tensors][] = [
      ["user", { user: bytesTensor([]) }],
      ["user", { user: bytesTensor([""]) }],
      ["user", { user: bytesTensor(["u".repeat(MAX_USER_BYTES + 1)]) }],
      ["user", { user: bytes(Uint8Array.of(0xff)) }],
      ["user", { user: int64(1n) }],
      ["items", { items: bytesTensor([]) }],
      ["items", { items: many(MAX_REQUEST_TOKENS + 1) }],
      ["items", { items: bytesTensor(["../a", "b", "c", "d", "e"]) }],
      ["items", { items: bytesTensor(["a\nb", "b", "c", "d", "e"]) }],
      ["items", { items: bytesTensor(["item-0", "item-1", "item-2", "item-3"], [2, 2]) }],
      ["actions", { actions: actions(2) }],
      ["actions", { actions: actions(1, 4) }],
      ["times", { times: int64(5n, 4n, 6n, 7n, 8n) }],
      ["times", { times: int64(-1n, 4n, 6n, 7n, 8n) }],
      ["times", { times: int64(1n, 2n, 3n, 4n, 2n ** 63n - 1n) }],
      ["times", { now: int64(times[4]! - 1n) }],
      ["surfaces", { surfaces: bytesTensor(["feed"]) }],
      ["now", { now: int64(1n, 2n) }],
      ["surface", { surface: bytesTensor(["feed", "feed"]) }],
      ["limit", { limit: int32(0) }],
      ["limit", { limit: int32(tinyManifest.max_candidates + 1) }],
      ["limit", { limit: int32(-(2 ** 31)) }],
      ["exclude", { exclude: many(MAX_REQUEST_EXCLUDED + 1) }],
      ["exclude", { exclude: bytesTensor([""]) }],
      ["weights", { weights: int32(1) }],
      ["__proto__", { ["__proto__"]: int32(1) }],
    ];
    for (const [name, tensors] of poisoned) {
      const refused = await rank({ ...inputsOf(), ...tensors }).catch((error) => error);
      expect(refused, name).toBeInstanceOf(HostRefusedError);
      expect([refused.hostStatus, refused.message.includes(`"${name}"`)], refused.message).toEqual([
        400,
        true,
      ]);
    }
    for (const name of Object.keys(inputsOf())) {
      const { [name]: _, ...rest } = inputsOf();
      const refused = await rank(rest).catch((error) => error);
      expect([refused.hostStatus, refused.message], name).toEqual([
        400,
        expect.stringContaining(`"${name}"`),
      ]);
    }
    const unknown = await rank(inputsOf(500, 505)).catch((error) => error);
    expect([unknown.hostStatus, unknown.message]).toEqual([
      422,
      expect.stringContaining("none of the items"),
    ]);
    const strange = await rank({ ...inputsOf(), surface: bytesTensor(["a surface of tomorrow"]) });
    expect(texts(strange.ids)).toHaveLength(12);
  });

  it("is chosen from a models folder by name and precision, unless there is no catalogue", async () => {
    const folder = fileURLToPath(new URL("../feed/fixtures/", import.meta.url));
    const choice = {
      folder,
      models: "*",
      catalog: "http://127.0.0.1:8787",
      tableEverySeconds: 60,
      kvMemoryMb: 1,
    };
    expect((await cascadeSetup(choice))!.manifest.revision).toBe(tinyManifest.revision);
    expect(await cascadeSetup({ ...choice, models: "unipinrec:fp16" })).toMatchObject({ precision: "fp16" });
    expect(await cascadeSetup({ ...choice, models: "pinclip" })).toBeUndefined();
    expect(await cascadeSetup({ ...choice, catalog: "none" })).toBeUndefined();
    for (const catalog of ["nonsense", "file:///etc/passwd"]) {
      await expect(cascadeSetup({ ...choice, catalog })).rejects.toThrow(RangeError);
    }
    const named = { ...choice, models: "pinclip,unipinrec" };
    await expect(cascadeSetup({ ...named, catalog: "none" })).rejects.toThrow(/--catalog none/);
    await expect(cascadeSetup({ ...choice, models: "unipinrec:int8" })).rejects.toThrow(/fp32 and fp16/);
    expect(await cascadeSetup({ ...named, precision: "int8" })).not.toHaveProperty("precision");
    expect(hostedChoice("pinclip,unipinrec:fp16,itemsage", "unipinrec")).toBe("pinclip,itemsage");
  });
});
