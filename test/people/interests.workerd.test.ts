/** Interests: clustered in the person's object, once for each change. */
import { abortAllDurableObjects, env, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import type { Space } from "../../src/catalog/shard/protocol.ts";
import type { ShardNamespace } from "../../src/catalog/shards.ts";
import type { Event } from "../../src/people/event.ts";
import { WEIGHTS } from "../../src/people/event.ts";
import { clustersOfPerson, interestsOfPerson } from "../../src/people/interests.ts";
import { INTEREST_SPACES, KEPT_ACTIONS } from "../../src/people/limits.ts";
import { People } from "../../src/people/people.ts";
import { interestsOf } from "../../src/people/pinnersage.ts";
import type { Embedding } from "../../src/vision/unified-embedding.ts";

const people = new People(env.PEOPLE as unknown as ShardNamespace);
const SPACE: Space = { model: "unified", revision: "r1", dimensions: 2 };
const START = Date.parse("2026-11-01T00:00:00Z");

let user: string;
let known: Map<string, Embedding>;
/** How many vectors were asked for, call by call. */
let asked: number[];

beforeEach(() => {
  user = crypto.randomUUID();
  known = new Map();
  asked = [];
});

/** An item at an angle, in degrees. */
const hang = (id: string, degrees: number) => {
  const turn = (degrees * Math.PI) / 180;
  known.set(id, new Float32Array([Math.cos(turn), Math.sin(turn)]) as Embedding);
};
const catalog = {
  serving: async () => ({ picture: SPACE, look: undefined, item: undefined }),
  vectors: async (ids: readonly string[]) => {
    asked.push(ids.length);
    return ids.map((id) => known.get(id));
  },
  getAll: async (ids: readonly string[]) => ids.map((id) => (known.has(id) ? { id } : undefined) as never),
};
const event = (number: number, item: string, action: Event["action"] = "click"): Event => ({
  ...{ id: `e-${number}`, user, item, action },
  at: new Date(START + number * 1_000).toISOString(),
});
const clusters = (space = SPACE) => clustersOfPerson(user, space, { people, catalog });
const stub = () => env.PEOPLE.get(env.PEOPLE.idFromName(user));

/** The same as if the time had come: what is kept is too old. */
const age = () =>
  runInDurableObject(stub(), (_, { storage: { sql } }) => void sql.exec("UPDATE interests SET until = 1"));

describe("interests", () => {
  beforeEach(async () => {
    for (const [id, degrees] of [
      ["a", 0],
      ["b", 10],
      ["c", 4],
      ["x", 180],
    ] as const)
      hang(id, degrees);
    await people.record([event(1, "a"), event(2, "b"), event(3, "c"), event(4, "x")]);
  });

  test("are the clusters of what was done, the medoid in the middle", async () => {
    const [most, other] = await clusters();
    expect(most).toMatchObject({ medoid: "c", items: ["c", "b", "a"] });
    expect(other).toMatchObject({ medoid: "x", items: ["x"] });
    expect(most!.importance).toBeCloseTo(0.75, 3);
  });

  test("are made once, and still known when the process has ended", async () => {
    const first = await clusters();
    expect(await clusters()).toEqual(first);
    await abortAllDurableObjects();
    expect(await clusters()).toEqual(first);
    expect(asked).toEqual([4]);
  });

  test("are made anew after an action, and not after an impression or an event that comes twice", async () => {
    await clusters();
    await people.record([event(5, "a", "impression"), event(4, "x")]);
    await clusters();
    expect(asked).toEqual([4]);
    await people.record([event(6, "x", "hide")]);
    expect((await clusters()).map(({ medoid }) => medoid)).toEqual(["c"]);
    expect(asked).toEqual([4, 3]);
  });

  test("of one revision of the catalogue are none of another's", async () => {
    await clusters();
    await clusters({ ...SPACE, revision: "r2" });
    expect(asked).toEqual([4, 4]);
    await clusters();
    await clusters({ ...SPACE, revision: "r2" });
    expect(asked).toEqual([4, 4]);
    for (let n = 0; n < 2 * INTEREST_SPACES; n++) await clusters({ ...SPACE, revision: `more-${n}` });
    const rows = await runInDurableObject(stub(), (_, { storage: { sql } }) =>
      sql.exec("SELECT space FROM interests").toArray(),
    );
    expect(rows).toHaveLength(INTEREST_SPACES);
  });

  test("grow too old, sooner when an item had no vector", async () => {
    await clusters();
    await people.record([event(5, "later")]);
    await clusters();
    const left = () =>
      runInDurableObject(stub(), (_, { storage: { sql } }) =>
        Number(sql.exec("SELECT max(until) AS until FROM interests").one().until),
      );
    const partial = await left();
    hang("later", 90);
    await age();
    expect((await clusters()).flatMap(({ items }) => items)).toContain("later");
    expect(await left()).toBeGreaterThan(partial);
  });

  test("do not miss what is done while vectors are fetched", async () => {
    hang("meanwhile", 180);
    const slow = {
      vectors: async (ids: readonly string[]) => {
        await people.record([event(5, "meanwhile")]);
        return catalog.vectors(ids);
      },
    };
    const during = await clustersOfPerson(user, SPACE, { people, catalog: slow });
    expect(during.flatMap(({ items }) => items)).not.toContain("meanwhile");
    expect((await clusters()).flatMap(({ items }) => items)).toContain("meanwhile");
  });

  test("whose medoid has left the catalogue are made again without it", async () => {
    await interestsOfPerson(user, { people, catalog }, 10);
    known.delete("c");
    const [most] = await interestsOfPerson(user, { people, catalog }, 10);
    expect(most!.items).toEqual(["b", "a"]);
    known.delete("a");
    await people.record([event(5, "b")]);
    const [later] = await interestsOfPerson(user, { people, catalog }, 10);
    expect(later!.cover).toEqual([{ id: "b" }]);
  });
});

test("nobody has interests, and their object wants no vectors", async () => {
  expect(await clusters()).toEqual([]);
  expect(asked).toEqual([]);
});

test("all actions that are kept, of 256 numbers each, are clustered in the object as they are anywhere", async () => {
  const dimensions = 256;
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32 - 0.5;
  };
  const centres = Array.from({ length: 12 }, () => Float32Array.from({ length: dimensions }, random));
  const vectors = Array.from({ length: KEPT_ACTIONS }, (_, n) => {
    const near = centres[n % centres.length]!.map((value) => value + random() * 0.3);
    const length = Math.hypot(...near);
    return near.map((value) => value / length);
  });
  const events = vectors.map((vector, n) => {
    known.set(`item-${n}`, vector as Embedding);
    return event(n, `item-${n}`, n % 5 === 0 ? "save" : "click");
  });
  for (let from = 0; from < events.length; from += 500) await people.record(events.slice(from, from + 500));
  const found = await clusters({ ...SPACE, dimensions });
  const latestFirst = [...vectors].reverse();
  const rows = new Float32Array(KEPT_ACTIONS * dimensions);
  for (const [at, vector] of latestFirst.entries()) rows.set(vector, at * dimensions);
  const actions = events
    .map(({ at, action }) => ({ at: Date.parse(at), weight: WEIGHTS[action as "save" | "click"] }))
    .reverse();
  const expected = interestsOf(rows, dimensions, actions).map(({ medoid, members }) => ({
    medoid: `item-${KEPT_ACTIONS - 1 - medoid}`,
    items: members.map((member) => `item-${KEPT_ACTIONS - 1 - member}`),
  }));
  expect(found.map(({ medoid, items }) => ({ medoid, items }))).toEqual(expected);
  expect(found.length).toBeGreaterThan(1);
});
