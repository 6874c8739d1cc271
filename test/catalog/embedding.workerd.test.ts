import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { consume, EMBEDS_AT_ONCE } from "../../src/catalog/embedding-worker.ts";
import { ITEMS_PER_MESSAGE, MAX_ATTEMPTS } from "../../src/catalog/shard/schedule.ts";
import { MAX_REASON_LENGTH } from "../../src/catalog/shard/work.ts";
import { Problem } from "../../src/problem.ts";
import {
  embedByContent,
  hoursLater,
  messageOf,
  openCatalog,
  picture,
  SPACE,
  shardOf,
  type TestCatalog,
  vectorOf,
} from "./test-catalog.ts";

async function withItems(count: number): Promise<TestCatalog> {
  const opened = openCatalog({ shardCount: 1 });
  for (let n = 0; n < count; n++) {
    await opened.catalog.put({ id: `item-${n}`, fields: {}, picture: { bytes: picture(n) } });
  }
  return opened;
}

class BrokenPicture extends Problem {
  constructor(status: number) {
    super({ status, code: "broken", title: "Broken", detail: "The picture ends in the middle." });
  }
}

describe("embedding what waits", () => {
  test("written items travel in messages of a few, and are embedded when those arrive", async () => {
    const { catalog, queue } = await withItems(3);
    await catalog.enqueue(Array.from({ length: 20 }, (_, n) => `item-${n}`));
    const messages = queue.take();
    expect(Math.max(...messages.map(({ ids }) => ids.length))).toBe(ITEMS_PER_MESSAGE);
    const delivered = messages.map(messageOf);
    await consume(catalog, delivered, embedByContent);
    expect(delivered.every(({ outcome }) => outcome === "ack")).toBe(true);
    expect(await catalog.stats()).toMatchObject({ items: 3, pending: 0, embedded: 3, failed: 0 });
  });

  test("a message that comes twice embeds nothing twice, even at the same time", async () => {
    const { catalog, queue } = await withItems(4);
    const messages = queue.take();
    let calls = 0;
    const embed = async (source: Parameters<typeof embedByContent>[0]) => {
      calls++;
      return embedByContent(source);
    };
    await Promise.all([1, 2, 3].map(() => consume(catalog, messages.map(messageOf), embed)));
    await consume(catalog, messages.map(messageOf), embed);
    expect(calls).toBe(4);
    expect((await catalog.stats()).embedded).toBe(4);
  });

  test("no more pictures are in work at a time than memory allows", async () => {
    const { catalog, queue } = await withItems(12);
    let running = 0;
    let most = 0;
    let allAtWork = () => {};
    const crowd = new Promise<void>((resolve) => {
      allAtWork = resolve;
    });
    await consume(catalog, queue.take().map(messageOf), async (source) => {
      most = Math.max(most, ++running);
      if (running >= EMBEDS_AT_ONCE) allAtWork();
      await crowd;
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return embedByContent(source);
    });
    expect(most).toBe(EMBEDS_AT_ONCE);
    expect((await catalog.stats()).embedded).toBe(12);
  });

  test("a picture that will never work fails at once, with the reason, and does not hold up others", async () => {
    const { catalog, deliver } = await withItems(2);
    await deliver(async (source) => {
      const number = "bytes" in source && new DataView(source.bytes.buffer).getUint32(41);
      if (number === 0) throw new BrokenPicture(422);
      return embedByContent(source);
    });
    const item = await catalog.get("item-0");
    expect(item.state).toEqual({ status: "failed", attempts: 1, reason: "The picture ends in the middle." });
    expect((await catalog.get("item-1")).state).toEqual({ status: "embedded" });
    expect((await catalog.list({ status: "failed" })).items.map(({ id }) => id)).toEqual(["item-0"]);
  });

  test("what may pass is tried again later, and given up in the end", async () => {
    const opened = await withItems(1);
    const fail = async () => {
      throw new BrokenPicture(503);
    };
    await opened.deliver(fail);
    expect((await opened.catalog.get("item-0")).state).toMatchObject({ status: "pending", attempts: 1 });
    // Before its time it is not tried, whoever asks.
    await opened.catalog.enqueue(["item-0"]);
    await opened.deliver(embedByContent);
    expect((await opened.catalog.get("item-0")).state).toMatchObject({ status: "pending", attempts: 1 });
    for (let attempt = 2; attempt <= MAX_ATTEMPTS; attempt++) {
      await consume(opened.catalog, (await hoursLater(opened)).map(messageOf), fail);
    }
    expect((await opened.catalog.get("item-0")).state).toMatchObject({
      status: "failed",
      attempts: MAX_ATTEMPTS,
    });
    expect(await hoursLater(opened)).toEqual([]);
  });

  test("failed items wait again on request", async () => {
    const opened = await withItems(3);
    await opened.deliver(async () => {
      throw new BrokenPicture(400);
    });
    expect(await opened.catalog.retry(["item-1", "unheard-of"])).toBe(1);
    expect((await opened.catalog.get("item-1")).state).toEqual({ status: "pending", attempts: 0 });
    expect(await opened.catalog.retry("all")).toBe(2);
    expect(await opened.catalog.retry("all")).toBe(0);
    // The alarm is due at once and may ring by itself between two lines of this test.
    while ((await opened.catalog.stats()).pending > 0) {
      await consume(opened.catalog, (await hoursLater(opened)).map(messageOf), embedByContent);
    }
    expect(await opened.catalog.stats()).toMatchObject({ embedded: 3, failed: 0 });
  });

  test("a lost message is sent again by the shard", async () => {
    const opened = await withItems(10);
    opened.queue.take();
    const sent = await hoursLater(opened);
    expect(sent).toHaveLength(2);
    await consume(opened.catalog, sent.map(messageOf), embedByContent);
    expect(await opened.catalog.stats()).toMatchObject({ pending: 0, embedded: 10 });
  });

  test("a queue that is down loses nothing", async () => {
    const opened = openCatalog({ shardCount: 1 });
    opened.queue.down = true;
    await opened.catalog.put({ id: "a", fields: {}, picture: { bytes: picture(1) } });
    await consume(opened.catalog, (await hoursLater(opened)).map(messageOf), embedByContent);
    expect((await opened.catalog.get("a")).state).toEqual({ status: "embedded" });
  });

  test("a worker that dies in the middle leaves its items to others, after a while", async () => {
    const opened = await withItems(1);
    const [message] = opened.queue.take();
    void consume(opened.catalog, [messageOf(message)], () => new Promise(() => {}));
    await opened.catalog.get("item-0");
    await consume(opened.catalog, [messageOf(message)], embedByContent);
    expect((await opened.catalog.get("item-0")).state.status).toBe("pending");
    await consume(opened.catalog, (await hoursLater(opened)).map(messageOf), embedByContent);
    expect((await opened.catalog.get("item-0")).state.status).toBe("embedded");
  });

  test("a vector of a picture that was replaced meanwhile is dropped", async () => {
    const opened = await withItems(1);
    await opened.deliver(async (source) => {
      await opened.catalog.put({ id: "item-0", fields: {}, picture: { bytes: picture(77) } });
      return embedByContent(source);
    });
    expect((await opened.catalog.get("item-0")).state.status).toBe("pending");
    await opened.deliver();
    const { results } = await opened.catalog.search.run({ by: { vector: vectorOf(77) } });
    expect(results[0]!.score).toBeCloseTo(1, 5);
  });

  test("pictures from addresses are kept", async () => {
    const { catalog, deliver } = openCatalog({ shardCount: 1 });
    await catalog.put({ id: "a", fields: {}, picture: { url: "https://example.com/12" } });
    await deliver();
    const { image, version } = await catalog.get("a");
    expect(image).toMatchObject({ url: "https://example.com/12", bytes: 57, type: "image/png" });
    expect(version).toBe(1);
    expect(await catalog.pictures.get(image.sha256!)).toEqual(picture(12));
    await catalog.put({ id: "a", fields: {}, picture: { url: "https://example.com/12" } });
    expect((await catalog.get("a")).state.status).toBe("embedded");
  });

  test("messages that are none are dropped; a shard that is gone has them come back", async () => {
    const { catalog, queue } = await withItems(1);
    const bad = [
      null,
      "text",
      { ids: [] },
      { space: { model: "other", revision: "1" }, ids: ["item-0"] },
    ].map(messageOf);
    await consume(catalog, bad, embedByContent);
    expect(bad.map(({ outcome }) => outcome)).toEqual(["ack", "ack", "ack", "ack"]);
    const gone = openCatalog({
      shards: {
        idFromName: (name) => name,
        get: () => {
          throw new Error("gone");
        },
      },
    }).catalog;
    const message = messageOf(queue.take()[0]);
    await consume(gone, [message], embedByContent);
    expect(message.outcome).toBe("retry");
  });

  test("reasons are kept short", async () => {
    const { catalog, deliver } = await withItems(1);
    await deliver(async () => {
      throw new Error("x".repeat(10_000));
    });
    const { state } = await catalog.get("item-0");
    expect(state).toMatchObject({ reason: "x".repeat(MAX_REASON_LENGTH) });
  });
});

describe("revisions side by side", () => {
  const next = { ...SPACE, revision: "000000000002" };

  test("a new revision embeds all items again, while the old one is still found", async () => {
    const opened = await withItems(3);
    await opened.deliver();
    const { catalog } = openCatalog({ shardCount: 1, shards: opened.namespace, space: next });
    expect((await catalog.get("item-1")).state).toEqual({ status: "pending", attempts: 0 });
    expect((await opened.catalog.get("item-1")).state).toEqual({ status: "embedded" });
    while ((await catalog.stats()).pending > 0) {
      await consume(catalog, (await hoursLater(opened)).map(messageOf), async (source) => {
        const { vector } = await embedByContent(source);
        return { vector: vector.map((value) => -value) };
      });
    }
    const found = async (one: typeof catalog) =>
      (await one.search.run({ by: { vector: vectorOf(1) } })).results;
    expect((await found(opened.catalog))[0]!.id).toBe("item-1");
    expect((await found(catalog)).at(-1)!.id).toBe("item-1");
    expect((await found(catalog)).at(-1)!.score).toBeCloseTo(-1, 5);
  });

  test("a retired revision is forgotten, the other is not", async () => {
    const opened = await withItems(2);
    await opened.deliver();
    const { catalog } = openCatalog({ shardCount: 1, shards: opened.namespace, space: next });
    while ((await catalog.stats()).pending > 0) {
      await consume(catalog, (await hoursLater(opened)).map(messageOf), embedByContent);
    }
    await catalog.retire(SPACE);
    await abortAllDurableObjects();
    expect((await catalog.search.run({ by: { vector: vectorOf(1) } })).results[0]!.id).toBe("item-1");
    await runInDurableObject(shardOf(opened), (_, { storage }) => {
      for (const table of ["spaces", "vectors", "embeddings", "codes"]) {
        const { count } = storage.sql.exec<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).one();
        expect([table, count]).toEqual([table, table === "vectors" || table === "embeddings" ? 2 : 1]);
      }
    });
  });
});
