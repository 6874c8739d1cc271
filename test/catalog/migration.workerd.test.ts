/** A model's new revision: the old vectors answer until the new ones are complete. */
import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import type { CatalogOptions } from "../../src/catalog/catalog.ts";
import { consume, type EmbedItem, type EmbedPicture } from "../../src/catalog/embedding-worker.ts";
import { SERVING_KNOWN_FOR_MS } from "../../src/catalog/serving.ts";
import { MOST_NEW_FAILURES } from "../../src/catalog/shard/embedding-store.ts";
import type { EmbeddingMessage } from "../../src/catalog/shard/messages.ts";
import { BACKLOG_AT_ONCE } from "../../src/catalog/shard/schedule.ts";
import { Problem } from "../../src/problem.ts";
import {
  freshNamespace,
  hoursLater,
  messageOf,
  openCatalog,
  picture,
  SPACE,
  shardOf,
  type TestCatalog,
  vectorOf,
} from "./test-catalog.ts";

const ITEMS = 100;
const OLD = SPACE;
const NEW = { ...SPACE, revision: "000000000002" };
const OLD_ITEM = { model: "test-item", revision: "00000000000a" };
const NEW_ITEM = { ...OLD_ITEM, revision: "00000000000b" };
const WITH_OLDER = { space: NEW, item: NEW_ITEM, older: { pictures: [OLD], items: [OLD_ITEM] } };

/** Every revision gives a picture another vector. */
const vectorIn = ({ revision }: { revision: string }, number: number) =>
  vectorOf(number + 1_000_000 * Number.parseInt(revision, 16));

const numberIn = (bytes: Uint8Array) => new DataView(bytes.buffer).getUint32(41);

const embedPicture: EmbedPicture = async (source, _, target) => ({
  vector: vectorIn(target, "bytes" in source ? numberIn(source.bytes) : 0),
});
const embedItem: EmbedItem = async ({ words }, space) => ({
  vector: vectorIn(space, Number(words.title?.split(" ")[1])),
});

const work = (opened: TestCatalog, messages: readonly EmbeddingMessage[], embed = embedPicture) =>
  consume(opened.catalog, messages.map(messageOf), embed, embedItem);

const write = (opened: TestCatalog, number: number, title = `title ${number}`) =>
  opened.catalog.put({ id: `item-${number}`, fields: { title }, picture: { bytes: picture(number) } });

/** A catalogue whose items are embedded by the older models. */
async function filled(): Promise<Pick<TestCatalog, "namespace">> {
  const opened = openCatalog({ shardCount: 1, space: OLD, item: OLD_ITEM });
  for (let n = 0; n < ITEMS; n++) await write(opened, n);
  await work(opened, opened.queue.take());
  expect(await opened.catalog.stats()).toMatchObject({ embedded: ITEMS, item: { embedded: ITEMS } });
  return opened;
}

const reopened = ({ namespace }: Pick<TestCatalog, "namespace">, options: Partial<CatalogOptions>) =>
  openCatalog({ shards: namespace, shardCount: 1, ...options });

/** Does what the alarm sends until nothing is left; answers how many items of a space were under way at most. */
async function finish(opened: TestCatalog, embed = embedPicture): Promise<number> {
  for (let most = 0; ; ) {
    const messages = await hoursLater(opened);
    if (messages.length === 0) return most;
    most = Math.max(most, await underWay(opened));
    await work(opened, messages, embed);
  }
}

function underWay(opened: TestCatalog): Promise<number> {
  return runInDurableObject(shardOf(opened), (_, { storage: { sql } }) => {
    const query = "SELECT count(*) AS count FROM embeddings WHERE due_at IS NOT NULL GROUP BY space";
    return Math.max(0, ...[...sql.exec<{ count: number }>(query)].map(({ count }) => count));
  });
}

const found = async ({ catalog }: TestCatalog, space: typeof OLD, number: number) => {
  const { results } = await catalog.search.run({ by: { vector: vectorIn(space, number) }, limit: 1 });
  return [results[0]?.id, Math.round(results[0]?.score ?? 0)];
};

test("the old vectors answer until the new ones are complete, whatever dies meanwhile", async () => {
  const namespace = await filled();
  const opened = reopened(namespace, WITH_OLDER);
  const { catalog } = opened;
  expect(await catalog.serving()).toEqual({ picture: OLD, look: undefined, item: OLD_ITEM });
  for (let left = 3; left > 0; left--) {
    await work(opened, await hoursLater(opened));
    const lost = await hoursLater(opened);
    expect(lost.length).toBeGreaterThan(0);
    await abortAllDurableObjects();
    const later = reopened(namespace, WITH_OLDER);
    expect(await found(later, OLD, 7)).toEqual(["item-7", 1]);
    const { embedded, current } = await later.catalog.stats();
    expect(embedded).toBe(ITEMS);
    expect(current!.embedded).toBeLessThan(ITEMS);
  }
  const last = reopened(namespace, WITH_OLDER);
  for (let hours = 0; hours < 3; hours++) {
    await work(last, await hoursLater(last));
    await finish(last);
  }
  const after = reopened(namespace, WITH_OLDER);
  expect(await after.catalog.serving()).toEqual({ picture: NEW, look: undefined, item: NEW_ITEM });
  const stats = await after.catalog.stats();
  expect(stats).toMatchObject({ items: ITEMS, embedded: ITEMS, failed: 0, item: { embedded: ITEMS } });
  expect(stats.current).toBeUndefined();
  for (let n = 0; n < ITEMS; n++) expect(await found(after, NEW, n)).toEqual([`item-${n}`, 1]);
});

test("a switch is noticed by who has asked before, and a search that began goes on where it began", async () => {
  const namespace = await filled();
  const opened = reopened(namespace, WITH_OLDER);
  const { catalog } = opened;
  const by = { vector: vectorIn(OLD, 3) };
  const first = await catalog.search.run({ by, limit: 5 });
  await finish(opened);
  vi.useFakeTimers({ now: Date.now() + SERVING_KNOWN_FOR_MS, toFake: ["Date"] });
  try {
    expect((await catalog.serving()).picture).toEqual(NEW);
  } finally {
    vi.useRealTimers();
  }
  expect(await found(opened, NEW, 3)).toEqual(["item-3", 1]);
  const space = await catalog.spaceOf("picture", first.next);
  expect(space).toEqual(OLD);
  const second = await catalog.search.run({ by, space, limit: 5, cursor: first.next });
  expect(new Set([...first.results, ...second.results].map(({ id }) => id)).size).toBe(10);
});

test("what is written meanwhile is found at once, and does not wait behind all others", async () => {
  const opened = reopened(await filled(), WITH_OLDER);
  const { catalog, queue } = opened;
  await catalog.serving();
  const before = await hoursLater(opened);
  expect(await underWay(opened)).toBe(BACKLOG_AT_ONCE);
  await write(opened, ITEMS);
  const sent = queue.take();
  expect(sent.map(({ space }) => space).sort((a, b) => (a.revision < b.revision ? -1 : 1))).toEqual([
    OLD,
    NEW,
    OLD_ITEM,
    NEW_ITEM,
  ]);
  await work(opened, sent);
  expect(await found(opened, OLD, ITEMS)).toEqual([`item-${ITEMS}`, 1]);
  await work(opened, before);
  expect(await finish(opened)).toBe(BACKLOG_AT_ONCE);
});

test("new words wait in both item spaces, and the old ones find the item until there is a vector", async () => {
  const opened = reopened(await filled(), WITH_OLDER);
  const { catalog, queue } = opened;
  await catalog.serving();
  await finish(opened);
  await write(opened, 5, "title 500");
  const byWords = async (space: typeof OLD_ITEM, number: number) => {
    const request = { by: { vector: vectorIn(space, number) }, space, limit: 1 };
    const { results } = await catalog.searchByWords(request);
    return [results[0]!.id, Math.round(results[0]!.score)];
  };
  expect(await byWords(OLD_ITEM, 5)).toEqual(["item-5", 1]);
  expect(await byWords(NEW_ITEM, 5)).toEqual(["item-5", 1]);
  await work(opened, queue.take());
  expect(await byWords(OLD_ITEM, 500)).toEqual(["item-5", 1]);
  expect(await byWords(NEW_ITEM, 500)).toEqual(["item-5", 1]);
});

test("a revision in which more fails than before is not taken for complete", async () => {
  const namespace = await filled();
  const options = { space: NEW, item: OLD_ITEM, older: { pictures: [OLD] } };
  const broken = (share: number): EmbedPicture => {
    return async (source, wanted, target) => {
      const number = "bytes" in source ? numberIn(source.bytes) : 0;
      if (target.revision === NEW.revision && number < share * ITEMS) {
        throw new Problem({ status: 422, code: "broken", title: "Broken", detail: "It cannot be read." });
      }
      return embedPicture(source, wanted, target);
    };
  };
  const opened = reopened(namespace, options);
  await opened.catalog.serving();
  await finish(opened, broken(MOST_NEW_FAILURES + 0.02));
  const stuck = reopened(namespace, options);
  expect((await stuck.catalog.serving()).picture).toEqual(OLD);
  expect((await stuck.catalog.stats()).current).toMatchObject({ pending: 0, failed: 3 });
  expect(await stuck.catalog.retry("all")).toBe(3);
  await finish(stuck, broken(MOST_NEW_FAILURES));
  const mended = reopened(namespace, options);
  expect((await mended.catalog.serving()).picture).toEqual(NEW);
});

test("older models beside a new catalogue change nothing", async () => {
  const opened = reopened({ namespace: freshNamespace() }, WITH_OLDER);
  await write(opened, 1);
  await work(opened, opened.queue.take());
  expect(await opened.catalog.serving()).toEqual({ picture: NEW, look: undefined, item: NEW_ITEM });
  expect(await found(opened, NEW, 1)).toEqual(["item-1", 1]);
});

test("an item says how far it is in every role", async () => {
  const opened = openCatalog({ shardCount: 1, space: OLD, item: OLD_ITEM });
  await write(opened, 1);
  const { catalog, queue } = opened;
  const pending = { status: "pending", attempts: 0 };
  expect(await catalog.get("item-1")).toMatchObject({ state: pending, states: { item: pending } });
  const failing: EmbedItem = async () => {
    throw new Problem({ status: 422, code: "broken", title: "Broken", detail: "Its words cannot be read." });
  };
  await consume(catalog, queue.take().map(messageOf), embedPicture, failing);
  const failed = { status: "failed", attempts: 1, reason: "Its words cannot be read." };
  const embedded = { status: "embedded" };
  expect(await catalog.get("item-1")).toMatchObject({ state: embedded, states: { item: failed } });
  expect((await catalog.list()).items).toMatchObject([{ state: embedded, states: { item: failed } }]);
  expect(await catalog.retry(["item-1"])).toBe(1);
  await work(opened, await hoursLater(opened));
  expect(await catalog.get("item-1")).toMatchObject({ state: embedded, states: { item: embedded } });
});
