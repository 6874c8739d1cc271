/** `GET /v1/users/{id}/feed` over the whole app, in workerd, with real shards and people's objects. */
import { env } from "cloudflare:test";
import { beforeAll, describe, expect, test } from "vitest";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { Corkboard } from "../../src/client/index.ts";
import { MAX_FEED_ITEMS } from "../../src/feed/limits.ts";
import { createApp } from "../../src/http/app.ts";
import type { AppDependencies } from "../../src/http/dependencies.ts";
import type { LogBucket } from "../../src/people/event-log.ts";
import { MAX_USER_LENGTH } from "../../src/people/limits.ts";
import { openCatalog } from "../catalog/test-catalog.ts";
import { act, catalogOf, people, someone } from "./feed-world.ts";

const LOCAL = "http://127.0.0.1:8787";

/** A request as a program on this machine sends it. */
function request(from: ReturnType<typeof appOver>, url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("host", new URL(url).host);
  return Promise.resolve(from.request(url, { ...init, headers }));
}

let catalog: Catalog;
let app: ReturnType<typeof appOver>;
beforeAll(async () => {
  catalog = await catalogOf(30);
  app = appOver(catalog);
});

function appOver(over: Catalog, more: Partial<AppDependencies> = {}) {
  return createApp({
    models: [],
    inference: { infer: () => Promise.reject(new Error("there is no model host")) },
    catalog: { catalog: over, pictures: { get: async () => null } as never },
    people: { people, logs: env.EVENTS as unknown as LogBucket },
    access: { localDevelopment: true },
    log: () => undefined,
    ...more,
  });
}

/** Of a page, or of a problem. */
interface Body {
  readonly items: { readonly id: string }[];
  readonly next: string;
  readonly explain?: { readonly millis: object };
  readonly code?: string;
}

const ask = async (path: string, from = app, url = LOCAL) => {
  const response = await request(from, `${url}/v1/users/${path}`);
  return {
    response,
    body: (await response.json()) as Body,
  };
};

describe("the answer", () => {
  test("is a page with items, slate and path, which nobody caches", async () => {
    const { response, body } = await ask(`${someone()}/feed`);
    expect(response.status).toBe(200);
    expect(response.headers.get("x-corkboard-path")).toBe("cold");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(body.items).toHaveLength(20);
    expect(body.items[0]).toMatchObject({
      item: { title: expect.any(String), image: { href: expect.any(String) } },
    });
    expect(Object.keys(body).sort()).toEqual(["items", "next", "slate"]);
    expect(body.items[0]).not.toHaveProperty("why");
  });

  test("explains itself when it is asked to", async () => {
    const user = someone();
    await act(user, ["save", "item-3"]);
    const { response, body } = await ask(`${user}/feed?explain=1&limit=2`);
    expect(response.headers.get("x-corkboard-path")).toBe("edge");
    expect(body).toMatchObject({
      items: [1, 2].map((rank) => ({
        scores: { utility: expect.any(Number) },
        why: {
          ...{ path: "edge", rank, similarity: expect.any(Number) },
          interest: { medoid: "item-3", importance: 1 },
        },
      })),
      explain: { path: "edge", reason: "no-origin", candidates: 29 },
    });
    expect(Object.keys(body.explain!.millis)).toEqual(["history", "origin", "edge", "record"]);
    expect((await ask(`${user}/feed?explain=0`)).body).not.toHaveProperty("explain");
  });

  test("goes on page by page, as the client reads it, until there is nothing left", async () => {
    const fetch = (url: string, init: RequestInit) => request(app, url, init);
    const client = new Corkboard({ baseUrl: LOCAL, fetch });
    const user = someone();
    await act(user, ["hide", "item-0"]);
    const ids: string[] = [];
    const slates = new Set<string>();
    for await (const { items, slate, path } of client.people.feedPages(user, { limit: 9, explain: true })) {
      ids.push(...items.map(({ id }) => id));
      slates.add(slate);
      expect(path).toBe("cold");
    }
    expect([ids.length, new Set(ids).size, slates.size]).toEqual([29, 29, 4]);
    const { items, next } = await client.people.feed(user, { limit: 1 });
    expect(ids.slice(0, 9)).toContain(items[0]!.id);
    expect(next).toBeDefined();
  });
});

describe("what is refused", () => {
  test.each([
    "feed?limit=0",
    `feed?limit=${MAX_FEED_ITEMS + 1}`,
    "feed?limit=1.5",
    "feed?limit=x",
    "feed?surface=",
    `feed?surface=${"x".repeat(65)}`,
    "feed?explain=perhaps",
    "feed?cursor=x",
    `feed?cursor=${"A".repeat(600)}`,
  ])("%s", async (path) => {
    const user = someone();
    const { response, body } = await ask(`${user}/${path}`);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      400,
      "application/problem+json",
    ]);
    expect(body).toMatchObject({ code: expect.any(String), detail: expect.any(String) });
    expect((await people.feedState(user)).shown).toEqual([]);
  });

  test.each(["a%20b", "a%2Fb", "x".repeat(MAX_USER_LENGTH + 1), "%F0%9F%98%80"])("the id %s", async (id) => {
    expect((await ask(`${id}/feed`)).response.status).toBe(400);
  });

  test("HEAD, which shows nothing to anybody", async () => {
    const user = someone();
    const own = appOver(catalog);
    const response = await request(own, `${LOCAL}/v1/users/${user}/feed`, { method: "HEAD" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
    expect(response.headers.has("x-corkboard-path")).toBe(false);
    expect((await people.feedState(user)).shown).toEqual([]);
    expect(await (await request(own, `${LOCAL}/metrics`)).text()).not.toContain(
      "corkboard_feed_pages_total{",
    );
  });

  test("another's cursor", async () => {
    const { body } = await ask(`${someone()}/feed?limit=1`);
    const { response, body: refused } = await ask(`${someone()}/feed?cursor=${body.next}`);
    expect([response.status, refused.code]).toEqual([400, "invalid-cursor"]);
  });

  test("who has no key, also where reading is public", async () => {
    const closed = appOver(catalog, { access: { publicRead: true } });
    const { response } = await ask(`${someone()}/feed`, closed, "https://cork.example");
    expect(response.status).toBe(401);
  });

  test("events that say that the feed had shown something", async () => {
    const event = {
      id: "e-1",
      user: someone(),
      item: "item-1",
      action: "impression",
      at: new Date().toISOString(),
    };
    const post = (sent: object) =>
      request(app, `${LOCAL}/v1/events`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ events: [sent] }),
      });
    expect((await post({ ...event, served: { path: "origin", position: 0 } })).status).toBe(400);
    expect((await post(event)).status).toBe(202);
    const { events } = await people.take(event.user, 10, "2026/11/01/00/a-log");
    expect(events).toHaveLength(1);
    expect(events[0]).not.toHaveProperty("served");
  });

  test("everybody while the catalogue does not answer: 503, with a time to retry after", async () => {
    const down = {
      idFromName: () => "x",
      get: () => new Proxy({}, { get: () => () => Promise.reject(new Error("down")) }),
    };
    const { response, body } = await ask(`${someone()}/feed`, appOver(openCatalog({ shards: down }).catalog));
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(body).toMatchObject({ code: "catalog-unavailable" });
  });
});

test("pages are counted by path and reason, and the document describes the route", async () => {
  const own = appOver(catalog);
  await ask(`${someone()}/feed`, own);
  const metrics = await (await request(own, `${LOCAL}/metrics`)).text();
  expect(metrics).toContain('corkboard_feed_pages_total{path="cold",reason="no-origin"} 1');
  const document = (await (await own.request("/openapi.json")).json()) as { paths: Record<string, object> };
  expect(document.paths["/v1/users/{id}/feed"]).toHaveProperty("get.operationId", "getFeed");
});
