/** Feeds over real shards and real people's objects, without an origin. */
import { env, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, test } from "vitest";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { encodeCursor } from "../../src/catalog/cursor.ts";
import { CatalogUnavailableError, InvalidCursorError } from "../../src/catalog/errors.ts";
import type { ShardNamespace } from "../../src/catalog/shards.ts";
import { countActions, startersOf } from "../../src/catalog/starters.ts";
import { dot } from "../../src/catalog/vector-index.ts";
import type { Ranker } from "../../src/feed/edge-feed.ts";
import type { Feed, FeedRequest, Slate } from "../../src/feed/feed.ts";
import { MAX_FEED_ITEMS } from "../../src/feed/limits.ts";
import { KEPT_ACTIONS, KEPT_HIDDEN, KEPT_IMPRESSIONS, MAX_WAITING_EVENTS } from "../../src/people/limits.ts";
import { openCatalog, picture, vectorOf } from "../catalog/test-catalog.ts";
import { act, CATEGORIES, catalogOf, feedOver, people, someone } from "./feed-world.ts";

const ITEMS = 60;

let catalog: Catalog;
let feed: Feed;
beforeAll(async () => {
  catalog = await catalogOf(ITEMS);
  feed = feedOver(catalog);
});

const idsOf = ({ items }: Slate) => items.map(({ id }) => id);

/** All pages of a feed. */
async function pages(from: Feed, request: FeedRequest): Promise<Slate[]> {
  const all: Slate[] = [];
  let { cursor } = request;
  do {
    const slate = await from.slate({ ...request, cursor });
    all.push(slate);
    cursor = slate.next;
  } while (cursor !== undefined);
  return all;
}

const stubOf = (user: string) => env.PEOPLE.get(env.PEOPLE.idFromName(user));

describe("somebody of whom nothing is known", () => {
  test("gets items of all categories, on the cold path, recorded as shown", async () => {
    const user = someone();
    const slate = await feed.slate({ user, limit: 8 });
    expect(slate.path).toBe("cold");
    expect(new Set(idsOf(slate)).size).toBe(8);
    const categories = slate.items.map(({ item }) => item.category!);
    for (const one of CATEGORIES) expect(categories.filter((category) => category === one)).toHaveLength(2);
    expect(slate.items.every(({ path, scores }) => path === "cold" && scores === undefined)).toBe(true);
    const { shown } = await people.feedState(user);
    expect(new Set(shown.map(({ item }) => item))).toEqual(new Set(idsOf(slate)));
  });

  test("sees first what is popular, by what everybody does; what is hidden a lot is not", async () => {
    const popular = await catalogOf(40);
    const at = Date.now();
    await countActions(popular.shards, [
      { item: "item-5", weight: 3, at },
      { item: "item-6", weight: 2, at },
      { item: "item-7", weight: 3, at: at - 30 * 86_400_000 },
      { item: "item-8", weight: -2, at },
      { item: "no-such-item", weight: 9, at },
    ]);
    const starters = await startersOf(popular.shards, 10, []);
    expect(starters.popular.map(({ id }) => id)).toEqual(["item-5", "item-6", "item-7"]);
    expect(starters.newest[0]!.id).toBe("item-39");
    const without = await startersOf(popular.shards, 10, ["item-5", "item-39"]);
    expect(without.popular.map(({ id }) => id)).toEqual(["item-6", "item-7"]);
    expect(without.newest[0]!.id).toBe("item-38");
    expect(without.drawn.some(({ id }) => id === "item-5" || id === "item-39")).toBe(false);
    const slate = await feedOver(popular).slate({ user: someone(), limit: 3 });
    expect(idsOf(slate)).toContain("item-5");
    await popular.delete("item-5");
    await popular.put({ id: "item-5", fields: {}, picture: { bytes: picture(5) } });
    expect((await startersOf(popular.shards, 10, [])).popular.map(({ id }) => id)).toEqual([
      "item-6",
      "item-7",
    ]);
  });

  test("of whom only impressions and hides are known is on the cold path too", async () => {
    const user = someone();
    await act(user, ["impression", "item-1"], ["hide", "item-2"]);
    const slate = await feed.slate({ user, limit: 50 });
    expect(slate.path).toBe("cold");
    expect(idsOf(slate)).not.toContain("item-1");
    expect(idsOf(slate)).not.toContain("item-2");
  });
});

describe("somebody who has acted", () => {
  test("gets what is near to their interests, on the edge path, with the reasons", async () => {
    const user = someone();
    await act(user, ["click", "item-10"], ["save", "item-11"]);
    const slate = await feed.slate({ user, limit: 5 });
    expect([slate.path, slate.report.reason]).toEqual(["edge", "no-origin"]);
    for (const { interest, similarity, scores } of slate.items) {
      expect(["item-10", "item-11"]).toContain(interest!.medoid);
      expect(similarity).toBeLessThan(0.999);
      expect(scores!.utility).toBeCloseTo(similarity! * interest!.importance, 6);
    }
    expect(slate.report.candidates).toBe(ITEMS - 2);
    // What is most like either of the two comes first.
    const vectors = Array.from({ length: ITEMS }, (_, n) => vectorOf(n));
    const cosine = (a: number, b: number) => dot(vectors[a]!, vectors[b]!);
    const importance = { 10: 1 / 3, 11: 2 / 3 };
    const worth = (n: number) => {
      const [one, other] = [cosine(n, 10), cosine(n, 11)];
      return one > other ? one * importance[10] : other * importance[11];
    };
    const best = [...Array(ITEMS).keys()]
      .filter((n) => n !== 10 && n !== 11)
      .sort((a, b) => worth(b) - worth(a));
    expect(slate.items[0]!.id).toBe(`item-${best[0]}`);
  });

  test("sees none of what they acted on, were shown or hid, on any page, and each item once", async () => {
    const user = someone();
    await act(
      user,
      ["click", "item-1"],
      ["impression", "item-2"],
      ["hide", "item-3"],
      ["purchase", "item-4"],
    );
    const all = (await pages(feed, { user, limit: 10 })).flatMap(idsOf);
    const expected = Array.from({ length: ITEMS }, (_, n) => `item-${n}`);
    // What was shown before this feed comes at its end.
    expect(all.at(-1)).toBe("item-2");
    expect([...all].sort()).toEqual(
      expected.filter((id) => !["item-1", "item-3", "item-4"].includes(id)).sort(),
    );
  });

  test("who has seen everything begins again with what is nearest of what was seen the longest ago", async () => {
    const small = await catalogOf(12);
    const again = feedOver(small);
    const user = someone();
    await act(user, ["save", "item-0"], ["hide", "item-1"]);
    const first = await pages(again, { user, limit: 2 });
    expect(first.map(({ items }) => items.length)).toEqual([2, 2, 2, 2, 2, 0]);
    expect(first.at(-1)!.next).toBeUndefined();
    const { shown } = await people.feedState(user);
    const half = shown.slice(0, 5).map(({ item }) => item);
    const likeness = (id: string) => dot(vectorOf(0), vectorOf(Number(id.slice("item-".length))));
    const second = await again.slate({ user, limit: 2 });
    const [best] = half.sort((a, b) => likeness(b) - likeness(a));
    expect([second.path, second.items[0]!.id]).toEqual(["edge", best]);
    for (const { id, shownAt, interest, similarity } of second.items) {
      expect(half).toContain(id);
      expect(shownAt).toBe(shown.find(({ item }) => item === id)!.at);
      expect(interest).toEqual({ medoid: "item-0", importance: 1 });
      expect(similarity).toBeCloseTo(likeness(id), 5);
    }
    // It goes on until all has come again once, never what was acted on or hidden.
    const rest = await pages(again, { user, limit: 2, cursor: second.next });
    expect([second, ...rest].flatMap(idsOf).sort()).toEqual(first.flatMap(idsOf).sort());
    expect(rest.at(-1)!.items).toEqual([]);
  });

  test("what comes again is ranked by the model; what has no vector comes after it", async () => {
    const { catalog: growing, deliver } = openCatalog();
    const put = (n: number) => growing.put({ id: `item-${n}`, fields: {}, picture: { bytes: picture(n) } });
    for (let n = 0; n < 5; n++) await put(n);
    await deliver();
    await put(5);
    const user = someone();
    await act(user, ["click", "item-0"]);
    const asked: number[] = [];
    const ranker: Ranker = {
      model: "test-ranker@000000000001",
      rank: async (candidates) => {
        asked.push(candidates.length);
        // The less alike, the better.
        return Float32Array.from(candidates.flatMap(({ similarity }) => [0.5 - similarity / 2, 0, 0, 0, 0]));
      },
    };
    const from = feedOver(growing, { rankerFor: () => ranker });
    await pages(from, { user, limit: 20 });
    const slate = await from.slate({ user, limit: 20 });
    expect(asked).toEqual([4, 4]);
    const likeness = (n: number) => dot(vectorOf(0), vectorOf(n));
    const [farthest] = [1, 2, 3, 4].sort((a, b) => likeness(a) - likeness(b));
    expect(slate.items[0]!.id).toBe(`item-${farthest}`);
    expect(slate.items.map(({ path }) => path)).toEqual(["edge", "edge", "edge", "edge", "cold"]);
    expect(slate.items.every(({ shownAt }) => shownAt !== undefined)).toBe(true);
    expect(slate.items.at(-1)!.id).toBe("item-5");
    expect([slate.path, slate.report.candidates]).toEqual(["edge", 4]);
  });

  test("of whom nothing is known sees what was seen the longest ago again, without ranking", async () => {
    const small = feedOver(await catalogOf(6));
    const user = someone();
    await pages(small, { user, limit: 3 });
    const { shown } = await people.feedState(user);
    const slate = await small.slate({ user, limit: 3 });
    expect([slate.path, idsOf(slate)]).toEqual(["cold", shown.slice(0, 3).map(({ item }) => item)]);
    expect(slate.items.every(({ shownAt, scores }) => shownAt !== undefined && scores === undefined)).toBe(
      true,
    );
  });

  test("is ranked by the model where there is one; what it hides goes to the end", async () => {
    const user = someone();
    await act(user, ["click", "item-20"]);
    const ranker: Ranker = {
      model: "test-ranker@000000000001",
      rank: async (candidates, context) => {
        expect(context.actions[0]).toMatchObject({ action: "click" });
        expect(context.interests[0]!.importance).toBe(1);
        // The less alike, the better.
        const rows = candidates.flatMap(({ similarity }) => [0.5 - similarity / 2, 0, 0, 0, 0]);
        return Float32Array.from(rows);
      },
    };
    const slate = await feedOver(catalog, { rankerFor: () => ranker }).slate({ user, limit: 5 });
    const [best] = slate.items;
    expect(best!.model).toBe("test-ranker@000000000001");
    expect(best!.scores).toMatchObject({ closeup: 0, save: 0, hide: 0, purchase: 0 });
    expect(best!.scores!.utility).toBeCloseTo(best!.scores!.click!, 6);
    const similarities = slate.items.map(({ similarity }) => similarity!);
    expect(Math.max(...similarities)).toBeLessThan(0);
    const { events } = await people.take(user, 100, "2026/11/01/00/a-log");
    expect(events.find(({ item }) => item === best!.id)!.served).toEqual({
      path: "edge",
      position: 0,
      scores: best!.scores,
      model: "test-ranker@000000000001",
    });
  });

  test.each([
    ["fails", () => Promise.reject(new Error("the model host is away"))],
    ["says what is no number", (n: number) => Promise.resolve(new Float32Array(n * 5).fill(Number.NaN))],
    ["says what is no probability", (n: number) => Promise.resolve(new Float32Array(n * 5).fill(2))],
    ["says too little", () => Promise.resolve(new Float32Array(5))],
  ])("is ordered by similarity when the model %s", async (_, rank) => {
    const user = someone();
    await act(user, ["click", "item-20"]);
    const failures: unknown[] = [];
    const broken = feedOver(catalog, {
      rankerFor: () => ({ model: "broken@1", rank: (candidates) => rank(candidates.length) }),
      onFailure: (path) => failures.push(path),
    });
    const slate = await broken.slate({ user, limit: 5 });
    expect([slate.path, slate.report.ranker, failures]).toEqual(["edge", "failed", ["edge"]]);
    expect(slate.items).toHaveLength(5);
    expect(slate.items.every(({ scores }) => scores!.click === undefined)).toBe(true);
  });
});

describe("what is recorded", () => {
  test("is every item of the answer, in its place, with path and slate, before the answer", async () => {
    const user = someone();
    const slate = await feed.slate({ user, limit: 3, surface: "home" });
    const { events } = await people.take(user, 10, "2026/11/01/00/a-log");
    expect(events).toHaveLength(3);
    for (const [position, { id }] of slate.items.entries()) {
      expect(events[position]).toMatchObject({
        id: `${slate.slate}/${position}`,
        ...{ user, item: id, action: "impression", surface: "home", slate: slate.slate },
        served: { path: "cold", position },
      });
      expect(events[position]!.at).toBe(events[position]!.receivedAt);
    }
  });

  test("that cannot be logged is not answered either", async () => {
    const user = someone();
    await runInDurableObject(stubOf(user), (_, { storage: { sql } }) => {
      const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
      sql.exec(`${numbers} INSERT INTO waiting SELECT i, '{}' FROM n`, MAX_WAITING_EVENTS);
    });
    await expect(feed.slate({ user })).rejects.toMatchObject({ status: 503, code: "events-waiting" });
    expect((await people.feedState(user)).shown).toEqual([]);
  });
});

describe("cursors", () => {
  test("of another person or surface, and texts that are none, are refused", async () => {
    const user = someone();
    const { next } = await feed.slate({ user, limit: 2 });
    await expect(feed.slate({ user: someone(), cursor: next })).rejects.toThrow(InvalidCursorError);
    await expect(feed.slate({ user, surface: "board", cursor: next })).rejects.toThrow(InvalidCursorError);
    const print = JSON.parse(atob(next!))[1];
    const forged = [
      "",
      "x",
      `${next}x`,
      encodeCursor(["list", "item-1"]),
      encodeCursor(["feed", print, -1]),
      encodeCursor(["feed", print, 1.5]),
      encodeCursor(["feed", print, 1e300]),
      encodeCursor(["feed", print, 1, 2]),
      "A".repeat(10_000),
    ];
    for (const cursor of forged)
      await expect(feed.slate({ user, cursor })).rejects.toThrow(InvalidCursorError);
    // One that claims to have begun in the future, or long ago, repeats nothing that is new.
    for (const started of [0, 8e15]) {
      const slate = await feed.slate({ user, limit: 2, cursor: encodeCursor(["feed", print, started]) });
      expect(slate.items).toHaveLength(2);
    }
    expect((await people.feedState(user)).shown).toHaveLength(6);
  });
});

describe("limits", () => {
  test.each([0, -1, 1.5, MAX_FEED_ITEMS + 1, Number.NaN])("a page of %s is refused", async (limit) => {
    await expect(feed.slate({ user: someone(), limit })).rejects.toThrow(RangeError);
  });

  test("somebody who has seen 5,000 items, hid 10,000 and acted 1,000 times gets what is left", async () => {
    const user = someone();
    const unseen = ["item-7", "item-8", "item-9"];
    await people.record([]);
    await runInDurableObject(stubOf(user), (_, { storage: { sql } }) => {
      const numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)";
      sql.exec(`${numbers} INSERT INTO shown SELECT 'item-' || i, i FROM n`, KEPT_IMPRESSIONS);
      sql.exec(`${numbers} INSERT INTO hidden SELECT 'hidden-' || i, i FROM n`, KEPT_HIDDEN);
      sql.exec(
        `${numbers} INSERT INTO actions (id, item, action, at) SELECT 'a-' || i, 'item-' || (10 + i % 40), 'click', i FROM n`,
        KEPT_ACTIONS,
      );
      for (const id of unseen) sql.exec("DELETE FROM shown WHERE item = ?", id);
    });
    const slate = await feed.slate({ user, limit: 3 });
    expect(slate.path).toBe("edge");
    expect(new Set(idsOf(slate))).toEqual(new Set(unseen));
    const again = await feed.slate({ user, limit: 3 });
    // Of the 5,000 the catalogue has sixty, of which forty were acted on.
    const left = [...Array(7).keys(), ...Array.from({ length: 10 }, (_, n) => 50 + n)].map(
      (n) => `item-${n}`,
    );
    expect(again.path).toBe("edge");
    for (const id of idsOf(again)) expect(left).toContain(id);
    const { shown, hidden, actions } = await people.feedState(user);
    expect([shown.length, hidden.length, actions.length]).toEqual([
      KEPT_IMPRESSIONS,
      KEPT_HIDDEN,
      KEPT_ACTIONS,
    ]);
  });

  test("of hidden items the latest are remembered", async () => {
    const user = someone();
    await runInDurableObject(stubOf(user), (_, { storage: { sql } }) => {
      const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
      sql.exec(`${numbers} INSERT INTO hidden SELECT 'hidden-' || i, i FROM n`, KEPT_HIDDEN);
    });
    await act(user, ["hide", "item-1"], ["hide", "item-1"]);
    const { hidden } = await people.feedState(user);
    expect([hidden.length, hidden[0]]).toEqual([KEPT_HIDDEN, "item-1"]);
    expect(hidden).not.toContain("hidden-1");
  });
});

describe("what is not there", () => {
  test("an empty catalogue gives an empty feed", async () => {
    const { catalog: empty } = openCatalog();
    const user = someone();
    await act(user, ["click", "item-1"]);
    const slate = await feedOver(empty).slate({ user });
    expect([slate.items, slate.next, slate.path]).toEqual([[], undefined, "cold"]);
    expect((await people.feedState(user)).shown).toEqual([]);
  });

  test("items that have left the catalogue are not answered", async () => {
    const shrinking = await catalogOf(10);
    const user = someone();
    const shrunk = feedOver(shrinking);
    await act(user, ["click", "item-0"], ["click", "gone"]);
    await pages(shrunk, { user });
    for (const n of [0, 3, 4]) await shrinking.delete(`item-${n}`);
    const left = (await pages(shrunk, { user })).flatMap(idsOf);
    expect(left.sort()).toEqual([1, 2, 5, 6, 7, 8, 9].map((n) => `item-${n}`));
  });

  test("many items that have left the catalogue are not in the way of those that may come again", async () => {
    const shrinking = await catalogOf(12);
    const user = someone();
    const shrunk = feedOver(shrinking);
    const gone = 30;
    await act(user, ...Array.from({ length: gone }, (_, n) => ["impression", `gone-${n}`] as const));
    await pages(shrunk, { user });
    const left = await pages(shrunk, { user, limit: 3 });
    expect(left.flatMap(idsOf)).toHaveLength(12);
  });

  test("a catalogue that does not answer is a problem of the caller to retry", async () => {
    const down: ShardNamespace = {
      idFromName: () => "x",
      get: () => new Proxy({}, { get: () => () => Promise.reject(new Error("down")) }),
    };
    const { catalog: unavailable } = openCatalog({ shards: down });
    const user = someone();
    const broken = feedOver(unavailable);
    await expect(broken.slate({ user })).rejects.toThrow(CatalogUnavailableError);
    await act(user, ["click", "item-1"]);
    await expect(broken.slate({ user })).rejects.toMatchObject({ status: 503, retryAfter: 2 });
    expect((await people.feedState(user)).shown).toEqual([]);
  });
});
