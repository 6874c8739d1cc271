import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fillPeople, showroomEvents } from "../../src/demo/fill-people.ts";
import { generateProducts, SHOWROOM } from "../../src/demo/products.ts";
import { SHOWROOM_PEOPLE } from "../../src/demo/showroom-people.ts";
import { Event } from "../../src/people/event.ts";
import { MAX_EVENTS, MAX_WAITING_EVENTS } from "../../src/people/limits.ts";

const known = new Set<string>();
const users = new Set<string>();
let requests = 0;
let hasInterests = false;

/** The part of the API that filling needs, in memory. */
const server: Server = createServer(async (request, response) => {
  response.setHeader("content-type", "application/json");
  if (request.method === "GET") {
    response.end(JSON.stringify({ interests: hasInterests ? [{}] : [] }));
    return;
  }
  requests++;
  const { events } = JSON.parse(await text(request)) as { events: { id: string; user: string }[] };
  expect(events.length).toBeLessThanOrEqual(MAX_EVENTS);
  const fresh = events.filter(({ id }) => !known.has(id));
  for (const { id, user } of fresh) {
    known.add(id);
    users.add(user);
  }
  response
    .writeHead(202)
    .end(JSON.stringify({ accepted: fresh.length, duplicates: events.length - fresh.length }));
});

let baseUrl: string;

beforeEach(async () => {
  known.clear();
  users.clear();
  requests = 0;
  hasInterests = false;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe("the showroom's people", () => {
  it("are told to the API once, in batches that it takes", async () => {
    const first = await fillPeople({ baseUrl });
    expect(first).toBeGreaterThan(1_000);
    expect([...users]).toEqual(SHOWROOM_PEOPLE.map(({ id }) => id));
    expect(await fillPeople({ baseUrl })).toBe(0);
    requests = 0;
    hasInterests = true;
    expect(await fillPeople({ baseUrl })).toBe(0);
    expect(requests).toBe(0);
  });

  it("did the same whenever it is told, until yesterday", () => {
    const products = generateProducts(SHOWROOM);
    const now = Date.UTC(2026, 2, 9, 0, 0, 1);
    const events = showroomEvents(products, SHOWROOM.seed, now);
    const later = showroomEvents(products, SHOWROOM.seed, now + 9 * 86_400_000);
    expect(later.map(({ id, item }) => [id, item])).toEqual(events.map(({ id, item }) => [id, item]));
    const latest = Math.max(...events.map(({ at }) => Date.parse(at)));
    expect(latest).toBeLessThan(now);
    expect(latest).toBeGreaterThan(now - 20 * 86_400_000);
    for (const event of events.slice(0, 500)) expect(Event.parse(event)).toEqual(event);
    const ids = new Set(products.map(({ id }) => id));
    expect(events.every(({ item }) => ids.has(item))).toBe(true);
  });

  it("each act on enough to have interests, and wait for the log within its limit", () => {
    const events = showroomEvents(generateProducts(SHOWROOM));
    for (const { id, about } of SHOWROOM_PEOPLE) {
      const own = events.filter(({ user }) => user === id);
      expect(own.filter(({ action }) => !["impression", "hide"].includes(action)).length).toBeGreaterThan(30);
      expect(own.length).toBeLessThan(MAX_WAITING_EVENTS);
      expect(about).toMatch(/^[A-Z].*\.$/);
    }
  });
});
