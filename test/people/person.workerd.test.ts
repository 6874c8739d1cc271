/** What a person's object keeps, and how it gets into the log. */
import { abortAllDurableObjects, env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import type { ShardNamespace } from "../../src/catalog/shards.ts";
import type { Event } from "../../src/people/event.ts";
import { logEvents } from "../../src/people/event-log.ts";
import {
  EVENTS_PER_TAKE,
  KEPT_ACTIONS,
  KEPT_IMPRESSIONS,
  MAX_WAITING_EVENTS,
  REMEMBERED_EVENTS,
} from "../../src/people/limits.ts";
import { People } from "../../src/people/people.ts";
import { messageOf } from "../catalog/test-catalog.ts";

const people = new People(env.PEOPLE as unknown as ShardNamespace);
const LOG = "2026/11/01/00/5f0c3f0e-0000-4000-8000-000000000000";
const START = Date.parse("2026-11-01T00:00:00Z");

let user: string;
beforeEach(() => {
  user = crypto.randomUUID();
});

const event = (number: number, more: Partial<Event> = {}): Event => ({
  id: `e-${number}`,
  user,
  item: `item-${number}`,
  action: "click",
  at: new Date(START + number * 1_000).toISOString(),
  ...more,
});

const many = (from: number, to: number, more?: Partial<Event>) =>
  Array.from({ length: to - from }, (_, n) => event(from + n, more));

/** All lines of all log files of one person. */
async function logged(): Promise<Event[]> {
  const { objects } = await env.EVENTS.list({ prefix: "events/" });
  const lines: Event[] = [];
  for (const { key } of objects) {
    const body = (await env.EVENTS.get(key))!.body as unknown as ReadableStream<Uint8Array<ArrayBuffer>>;
    const text = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).text();
    lines.push(
      ...text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Event),
    );
  }
  return lines.filter((line) => line.user === user);
}

const bucket = env.EVENTS as unknown as Parameters<typeof logEvents>[1];
const log = (users: readonly unknown[], into = bucket) => {
  const messages = users.map((one) => messageOf(one));
  return logEvents(people, into, messages).then(() => messages.map(({ outcome }) => outcome));
};
const stub = () => env.PEOPLE.get(env.PEOPLE.idFromName(user));

describe("events", () => {
  test("count once, however often and late they come", async () => {
    expect(await people.record(many(0, 5))).toEqual({ accepted: 5, duplicates: 0 });
    expect(await people.record([...many(3, 8), event(7)])).toEqual({ accepted: 3, duplicates: 3 });
    const late = event(100, { at: new Date(START - 86_400_000).toISOString() });
    expect(await people.record([late])).toEqual({ accepted: 1, duplicates: 0 });
    const recent = await people.recent(user);
    expect(recent.map(({ item }) => item)).toEqual([
      ...["item-7", "item-6", "item-5", "item-4", "item-3", "item-2", "item-1", "item-0"],
      "item-100",
    ]);
  });

  test("of several people go to each", async () => {
    const other = `${user}-other`;
    expect(await people.record([event(1), event(2, { user: other })])).toEqual({
      accepted: 2,
      duplicates: 0,
    });
    expect((await people.recent(other)).map(({ item }) => item)).toEqual(["item-2"]);
  });

  test("survive the end of the process", async () => {
    await people.record(many(0, 3));
    await abortAllDurableObjects();
    expect(await people.recent(user)).toHaveLength(3);
    expect(await people.record(many(0, 3))).toEqual({ accepted: 0, duplicates: 3 });
  });

  test("on items that were hidden later are no interests; what came after is", async () => {
    await people.record([
      event(1, { item: "a" }),
      event(2, { item: "b" }),
      event(3, { item: "a", action: "hide" }),
      event(4, { item: "b", action: "hide" }),
      event(5, { item: "b", action: "save" }),
      event(6, { item: "c", action: "impression" }),
    ]);
    expect(await people.recent(user)).toEqual([{ item: "b", action: "save", at: START + 5_000 }]);
  });
});

describe("the log", () => {
  test("has every event once, and then none waits", async () => {
    await people.record(many(0, 10, { surface: "feed", slate: "s-1" }));
    expect(await log([{ user }])).toEqual(["ack"]);
    const lines = await logged();
    expect(lines).toHaveLength(10);
    expect(lines[3]).toMatchObject(event(3, { surface: "feed", slate: "s-1" }));
    expect(await people.take(user, 10, LOG)).toEqual({ events: [], upTo: 0, more: false });
    expect(await log([{ user }, { user }])).toEqual(["ack", "ack"]);
    expect(await logged()).toHaveLength(10);
  });

  test("of more than one take has all of them", async () => {
    for (let from = 0; from < 2_500; from += 500) await people.record(many(from, from + 500));
    expect(2_500).toBeGreaterThan(EVENTS_PER_TAKE);
    await log([{ user }]);
    expect(new Set((await logged()).map(({ id }) => id)).size).toBe(2_500);
  });

  test("that cannot be written loses nothing, and is written later", async () => {
    await people.record(many(0, 4));
    const down = { ...bucket, put: () => Promise.reject(new Error("the bucket is down")) };
    expect(await log([{ user }], down)).toEqual(["retry"]);
    expect((await people.take(user, 10, LOG)).events).toHaveLength(4);
    await log([{ user }]);
    expect(await logged()).toHaveLength(4);
  });

  test("may have an event twice when it was written and not confirmed, and never loses one", async () => {
    await people.record(many(0, 4));
    const dying = { take: people.take.bind(people), confirm: () => Promise.reject(new Error("killed")) };
    const message = messageOf({ user });
    await logEvents(dying, bucket, [message]);
    expect(message.outcome).toBe("retry");
    await people.record(many(4, 6));
    await log([{ user }]);
    const ids = (await logged()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(6);
    expect(ids).toHaveLength(10);
  });

  test("tells of what it has, once; what goes wrong with that loses nothing", async () => {
    await people.record(many(0, 3));
    const told: string[] = [];
    const logAnd = async (onLogged: Parameters<typeof logEvents>[4]) => {
      const message = messageOf({ user });
      await logEvents(people, bucket, [message], new Date(), onLogged);
      return message.outcome;
    };
    const tell = async (events: readonly Event[]) => void told.push(...events.map(({ id }) => id));
    expect([await logAnd(tell), await logAnd(tell)]).toEqual(["ack", "ack"]);
    expect(told).toEqual(["e-0", "e-1", "e-2"]);
    await people.record(many(3, 5));
    expect(await logAnd(() => Promise.reject(new Error("the catalogue is away")))).toBe("ack");
    expect(await logged()).toHaveLength(5);
  });

  test("is not for messages that are none", async () => {
    expect(await log([{ user: "" }, "x", { user: "a b" }, null])).toEqual(["ack", "ack", "ack", "ack"]);
  });

  test("is asked for again when the message was lost", async () => {
    await people.record(many(0, 2));
    const sent: unknown[] = [];
    await runInDurableObject<{ env: object }, void>(stub(), (person) => {
      const queue = { send: async (body: unknown) => void sent.push(body) };
      Object.defineProperty(person, "env", { value: { EVENT_QUEUE: queue } });
    });
    expect(await runDurableObjectAlarm(stub())).toBe(true);
    expect(sent).toEqual([{ user }]);
    await log([{ user }]);
    expect(await runDurableObjectAlarm(stub())).toBe(false);
  });
});

describe("limits", () => {
  test("only the latest actions are kept, in memory of moments; the log has all", async () => {
    const all = KEPT_ACTIONS + 250;
    for (let from = 0; from < all; from += 250) await people.record(many(from, from + 250));
    const recent = await people.recent(user);
    expect(recent).toHaveLength(KEPT_ACTIONS);
    expect(recent.at(-1)!.item).toBe("item-250");
    const tooLate = event(-1);
    expect(await people.record([tooLate])).toEqual({ accepted: 1, duplicates: 0 });
    expect(await people.record([tooLate])).toEqual({ accepted: 0, duplicates: 1 });
    await log([{ user }]);
    expect(await logged()).toHaveLength(all + 1);
  });

  test("what waits for the log is bounded: more is refused, and nothing of it taken", async () => {
    for (let from = 0; from < MAX_WAITING_EVENTS; from += 500) await people.record(many(from, from + 500));
    const more = many(MAX_WAITING_EVENTS, MAX_WAITING_EVENTS + 1);
    await expect(people.record(more)).rejects.toMatchObject({ status: 503, retryAfter: 60 });
    await log([{ user }]);
    expect(await people.record(more)).toEqual({ accepted: 1, duplicates: 0 });
  });

  test("somebody with 100,000 events keeps what is kept of anybody, and every event comes into the log", async () => {
    const all = 100_000;
    for (let from = 0; from < all; from += 500) {
      await people.record(many(from, from + 500));
      if ((from + 500) % MAX_WAITING_EVENTS === 0) await log([{ user }]);
    }
    expect(await people.recent(user)).toHaveLength(KEPT_ACTIONS);
    const rows = await runInDurableObject(stub(), (_, { storage: { sql } }) =>
      ["actions", "known", "waiting"].map(
        (table) => sql.exec(`SELECT count(*) AS count FROM ${table}`).one().count,
      ),
    );
    expect(rows).toEqual([KEPT_ACTIONS, REMEMBERED_EVENTS, 0]);
    expect(new Set((await logged()).map(({ id }) => id)).size).toBe(all);
  }, 120_000);

  test("of impressions and of ids the latest are remembered", async () => {
    await runInDurableObject(stub(), (_, { storage: { sql } }) => {
      const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
      sql.exec(`${numbers} INSERT INTO shown SELECT 'old-' || i, i FROM n`, KEPT_IMPRESSIONS);
      sql.exec(`${numbers} INSERT INTO known SELECT i, 'old-' || i FROM n`, REMEMBERED_EVENTS);
    });
    await people.record([event(1, { action: "impression" })]);
    const counts = await runInDurableObject(stub(), (_, { storage: { sql } }) =>
      ["shown", "known"].map((table) => sql.exec(`SELECT count(*) AS count FROM ${table}`).one().count),
    );
    expect(counts).toEqual([KEPT_IMPRESSIONS, REMEMBERED_EVENTS]);
  });

  test("an action that is kept counts no more either, when more came since than are remembered", async () => {
    await people.record([event(1)]);
    await runInDurableObject(stub(), (_, { storage: { sql } }) => {
      const numbers = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= ?)";
      sql.exec(`${numbers} INSERT INTO known SELECT i, 'seen-' || i FROM n`, REMEMBERED_EVENTS);
    });
    await people.record([event(2, { action: "impression" })]);
    expect(await people.record([event(1), event(3)])).toEqual({ accepted: 1, duplicates: 1 });
    expect((await people.recent(user)).map(({ item }) => item)).toEqual(["item-3", "item-1"]);
  });
});

test("tables of an older program are brought up to date: what was hidden is remembered", async () => {
  await people.record([event(1), event(2, { action: "hide", slate: "s-1" }), event(3, { action: "hide" })]);
  await runInDurableObject(stub(), (_, { storage: { sql } }) => {
    sql.exec("DROP TABLE hidden");
    sql.exec("ALTER TABLE actions DROP COLUMN surface");
    sql.exec("ALTER TABLE actions DROP COLUMN slate");
    sql.exec("DELETE FROM migrations WHERE version > 2");
  });
  await abortAllDurableObjects();
  const { hidden, actions } = await people.feedState(user);
  expect(hidden).toEqual(["item-3", "item-2"]);
  expect(actions.map(({ item }) => item)).toEqual(["item-3", "item-2", "item-1"]);
});
