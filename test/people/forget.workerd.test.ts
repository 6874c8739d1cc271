/** Forgetting: what is gone from a person's object, and which log files it names. */
import { env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { migrate } from "../../src/catalog/shard/schema.ts";
import type { ShardNamespace } from "../../src/catalog/shards.ts";
import type { Event } from "../../src/people/event.ts";
import { listLogs, logEvents } from "../../src/people/event-log.ts";
import { REMEMBERED_LOGS } from "../../src/people/limits.ts";
import { People } from "../../src/people/people.ts";
import { PERSON_MIGRATIONS } from "../../src/people/schema.ts";
import { messageOf } from "../catalog/test-catalog.ts";

const people = new People(env.PEOPLE as unknown as ShardNamespace);
const bucket = env.EVENTS as unknown as Parameters<typeof logEvents>[1];
const SPACE = { model: "unified", revision: "r1", dimensions: 2 };

let user: string;
beforeEach(() => {
  user = crypto.randomUUID();
});

const stub = () => env.PEOPLE.get(env.PEOPLE.idFromName(user));
const event = (number: number, action: Event["action"] = "click"): Event => ({
  ...{ id: `e-${number}`, user, item: `item-${number}`, action },
  at: new Date(Date.parse("2026-11-01T00:00:00Z") + number * 1_000).toISOString(),
});
const names = async () => (await listLogs(bucket, undefined, 1_000)).logs.map(({ name }) => name);

test("who is forgotten leaves nothing, and may come back", async () => {
  const events = [event(0), event(1, "hide"), event(2, "impression"), event(3, "impression")];
  await people.record(events);
  const vectors = [new Float32Array([1, 0]) as never];
  await people.interests(user, SPACE, { ids: ["item-0"], vectors });
  expect(await people.forget(user)).toEqual({
    erased: { actions: 2, shown: 2, hidden: 1, known: 4, waiting: 4 },
    logs: [],
  });
  expect(await people.recent(user)).toEqual([]);
  expect(await people.interests(user, SPACE)).toEqual({ known: true, interests: [] });
  expect((await people.take(user, 10, "2026/11/01/00/x")).events).toEqual([]);
  expect(await runDurableObjectAlarm(stub())).toBe(false);
  const rows = await runInDurableObject(stub(), (_, { storage: { sql } }) =>
    ["person", "known", "waiting", "actions", "shown", "hidden", "interests", "logs", "unlisted"].map(
      (table) => sql.exec(`SELECT count(*) AS count FROM ${table}`).one().count,
    ),
  );
  expect(rows).toEqual(Array(9).fill(0));
  expect(await people.record(events)).toEqual({ accepted: 4, duplicates: 0 });
});

test("the files that have their events are named, and again when it is asked again", async () => {
  const before = new Set(await names());
  await people.record([event(0), event(1)]);
  await logEvents(people, bucket, [messageOf({ user })]);
  await people.record([event(2)]);
  await logEvents(people, bucket, [messageOf({ user })]);
  const written = (await names()).filter((name) => !before.has(name));
  expect(written).toHaveLength(2);
  await people.record([event(3)]);
  const first = await people.forget(user);
  expect(first.erased).toEqual({ actions: 4, shown: 0, hidden: 0, known: 4, waiting: 1 });
  expect([...first.logs].sort()).toEqual([...written].sort());
  expect(await people.forget(user)).toEqual({
    erased: { actions: 0, shown: 0, hidden: 0, known: 0, waiting: 0 },
    logs: first.logs,
  });
});

test("a file that was written and never confirmed is named too", async () => {
  await people.record([event(0)]);
  const dying = { take: people.take.bind(people), confirm: () => Promise.reject(new Error("killed")) };
  const before = new Set(await names());
  await logEvents(dying, bucket, [messageOf({ user })]);
  const written = (await names()).filter((name) => !before.has(name));
  expect((await people.forget(user)).logs).toEqual(written);
});

test("of names the latest are kept, and up to which hour there are others", async () => {
  const name = (n: number) =>
    `2026/11/01/${String(Math.floor(n / 1_000)).padStart(2, "0")}/${1_000 + (n % 1_000)}`;
  await people.record([event(0)]);
  await runInDurableObject(stub(), (_, { storage: { sql } }) => {
    for (let n = 0; n < REMEMBERED_LOGS; n++) sql.exec("INSERT INTO logs VALUES (?)", name(n));
  });
  await people.take(user, 10, name(REMEMBERED_LOGS));
  const { logs, unlistedUntil } = await people.forget(user);
  expect(logs).toHaveLength(REMEMBERED_LOGS);
  expect([logs[0], logs.at(-1), unlistedUntil]).toEqual([name(1), name(REMEMBERED_LOGS), "2026/11/01/00"]);
});

test("of people from before names were kept it is said that there may be files", async () => {
  const until = await runInDurableObject(stub(), (_, { storage }) => {
    const { sql } = storage;
    for (const table of [
      "person",
      "known",
      "waiting",
      "actions",
      "shown",
      "hidden",
      "interests",
      "logs",
      "unlisted",
    ]) {
      sql.exec(`DROP TABLE ${table}`);
    }
    sql.exec("DROP TABLE IF EXISTS migrations");
    migrate(storage, PERSON_MIGRATIONS.slice(0, 1));
    sql.exec("INSERT INTO person VALUES ('somebody')");
    migrate(storage, PERSON_MIGRATIONS);
    return new Date().toISOString().slice(0, 13).replaceAll("-", "/").replace("T", "/");
  });
  expect(await people.forget(user)).toMatchObject({ logs: [], unlistedUntil: until });
});
