/** Events on their way: what is kept, what is dropped, and how much. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Api } from "../../functions/api/page/access/api.ts";
import { MAX_WAITING, Outbox } from "../../functions/api/page/feed/outbox.ts";
import { ConnectionError, type Corkboard, type Event, ProblemError } from "../../src/client/index.ts";

const KEY = "corkboard-outbox";
let kept: Map<string, string>;
let batches: (readonly Event[])[];
let failure: Error | undefined;
let sent: number;

beforeEach(() => {
  vi.useFakeTimers();
  kept = new Map();
  batches = [];
  failure = undefined;
  sent = 0;
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** An API that takes events, or fails as it is told. */
const client = {
  people: {
    async record(events: readonly Event[]) {
      batches.push(events);
      if (failure) throw failure;
    },
  },
} as unknown as Corkboard;
const api = { call: (work: (client: Corkboard) => unknown) => work(client) } as unknown as Api;
const outbox = () => new Outbox(api, () => sent++);
const event = (item: string, user = "u-1") => ({ user, item, action: "closeup" as const });
const problem = (status: number) =>
  new ProblemError({ type: "x", title: "x", status, detail: "x", code: "x" }, undefined);
const items = () => batches.map((batch) => batch.map(({ item }) => item));

it("events go out together after a moment, each with an id and a time", async () => {
  const box = outbox();
  for (const item of ["a", "b", "c"]) box.add(event(item));
  expect(batches).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(items()).toEqual([["a", "b", "c"]]);
  expect(new Set(batches[0]!.map(({ id }) => id)).size).toBe(3);
  expect(batches[0]!.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true);
  expect([kept.has(KEY), sent]).toEqual([false, 1]);
});

it.each([
  ["the server cannot be reached", new ConnectionError("x", undefined)],
  ["it is busy", problem(503)],
  ["it was asked too often", problem(429)],
])("when %s, events are kept, and sent again with the same ids", async (_, error) => {
  failure = error;
  const box = outbox();
  box.add(event("a"));
  await expect(box.send()).rejects.toBe(error);
  expect(JSON.parse(kept.get(KEY)!)).toHaveLength(1);
  failure = undefined;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(items()).toEqual([["a"], ["a"]]);
  expect(batches[1]![0]!.id).toBe(batches[0]![0]!.id);
  expect(kept.has(KEY)).toBe(false);
});

it.each([400, 401, 403, 413])("what is refused with %i is dropped and not sent again", async (status) => {
  failure = problem(status);
  const box = outbox();
  box.add(event("a"));
  await expect(box.send()).rejects.toBe(failure);
  failure = undefined;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([batches.length, kept.has(KEY), sent]).toEqual([1, false, 0]);
});

it("keeps the latest events and no more than a request may have", async () => {
  failure = problem(503);
  const box = outbox();
  for (let n = 0; n < MAX_WAITING + 20; n++) box.add(event(`item-${n}`));
  await expect(box.send()).rejects.toBe(failure);
  expect(batches[0]).toHaveLength(MAX_WAITING);
  expect([items()[0]![0], items()[0]!.at(-1)]).toEqual(["item-20", `item-${MAX_WAITING + 19}`]);
});

it("sends what an earlier visit left, and starts empty where that cannot be read", async () => {
  failure = problem(503);
  const before = outbox();
  before.add(event("left"));
  await expect(before.send()).rejects.toBe(failure);
  failure = undefined;
  vi.clearAllTimers();
  outbox();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(items().at(-1)).toEqual(["left"]);
  for (const broken of ["{", "7", '{"a":1}', "null"]) {
    kept.set(KEY, broken);
    const box = outbox();
    box.add(event("new"));
    await box.send();
    expect(items().at(-1)).toEqual(["new"]);
  }
});

it("forgets what waits of one person, and of nobody else", async () => {
  const box = outbox();
  box.add(event("a", "u-1"));
  box.add(event("b", "u-2"));
  box.forget("u-1");
  await box.send();
  expect(items()).toEqual([["b"]]);
});
