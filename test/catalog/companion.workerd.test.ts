import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { ClusteredVectors } from "../../bench/search/clustered-vectors.ts";
import { consume, type EmbeddedPicture, type PictureSource } from "../../src/catalog/embedding-worker.ts";
import { NoCompanionError } from "../../src/catalog/errors.ts";
import { MAX_EXCLUDED } from "../../src/catalog/limits.ts";
import type { Wanted } from "../../src/catalog/shard/protocol.ts";
import { MAX_ATTEMPTS } from "../../src/catalog/shard/schedule.ts";
import { dot, InvalidQueryError } from "../../src/catalog/vector-index.ts";
import { Problem } from "../../src/problem.ts";
import {
  COMPANION,
  embedByContent,
  hoursLater,
  messageOf,
  openCatalog,
  picture,
  SPACE,
  shardOf,
  vectorOf,
} from "./test-catalog.ts";

const SEED = Math.floor(Math.random() * 2 ** 31);

/** Both vectors of a picture, and what they were asked for. */
class Model {
  readonly asked: Wanted[] = [];
  companion: (number: number) => EmbeddedPicture["companion"] = (number) => vectorOf(number, 128);

  readonly embed = async (source: PictureSource, wanted: Wanted): Promise<EmbeddedPicture> => {
    this.asked.push(wanted);
    const { vector, bytes } = await embedByContent(source);
    const number = new DataView((bytes ?? (source as { bytes: Uint8Array }).bytes).buffer).getUint32(41);
    return {
      vector,
      companion: wanted.companion ? this.companion(number) : undefined,
      ...(bytes && { bytes }),
    };
  };
}

async function withItems(count: number, open: Parameters<typeof openCatalog>[0] = { companion: COMPANION }) {
  const opened = openCatalog({ shardCount: 1, ...open });
  const entries = (async function* () {
    for (let n = 0; n < count; n++) {
      const write = { id: `item-${n}`, fields: { price: n }, picture: { bytes: picture(n) } };
      yield { line: n + 1, write };
    }
  })();
  for await (const { ok } of opened.catalog.batch(entries)) expect(ok).toBe(true);
  return { ...opened, model: new Model() };
}

const idsOf = ({ results }: { results: { id: string }[] }) => results.map(({ id }) => id);

describe("companion vectors", () => {
  test("one look at a new picture serves both spaces", async () => {
    const { catalog, deliver, model } = await withItems(3);
    await deliver(model.embed);
    expect(model.asked).toEqual(Array.from({ length: 3 }, () => ({ vector: true, companion: true })));
    expect(await catalog.stats()).toMatchObject({
      embedded: 3,
      companion: { pending: 0, embedded: 3, failed: 0 },
    });
    expect(idsOf(await catalog.complete({ query: vectorOf(1, 128) }))[0]).toBe("item-1");
    expect(idsOf(await catalog.search.run({ by: { vector: vectorOf(2) } }))[0]).toBe("item-2");
  });

  test("both are kept in one transaction: where one is not of its space, neither is", async () => {
    const opened = await withItems(1);
    const target = opened.catalog.target;
    const { image } = await opened.catalog.get("item-0");
    const write = opened.catalog.shards.one("item-0", (shard) =>
      shard.finish([{ id: "item-0", image, vector: vectorOf(0), companion: vectorOf(0, 127) }], target),
    );
    await expect(write).rejects.toThrow();
    expect(await opened.catalog.stats()).toMatchObject({ embedded: 0, companion: { embedded: 0 } });
  });

  test("a companion that comes later is made in the background, while search goes on", async () => {
    const opened = await withItems(20, {});
    await opened.deliver(opened.model.embed);
    expect(opened.model.asked.every(({ companion }) => !companion)).toBe(true);
    const later = openCatalog({ shardCount: 1, shards: opened.namespace, companion: COMPANION });
    expect(await later.catalog.complete({ query: vectorOf(1, 128) })).toEqual({ results: [] });
    expect((await later.catalog.get("item-1")).state).toEqual({ status: "embedded" });
    const model = new Model();
    while ((await later.catalog.stats()).companion!.pending > 0) {
      expect(idsOf(await later.catalog.search.run({ by: { vector: vectorOf(3) } }))[0]).toBe("item-3");
      await consume(later.catalog, (await hoursLater(later)).map(messageOf), model.embed);
    }
    expect(model.asked).toEqual(Array.from({ length: 20 }, () => ({ vector: false, companion: true })));
    expect(idsOf(await later.catalog.complete({ query: vectorOf(7, 128) }))[0]).toBe("item-7");
  });

  test("a new revision of the companion waits by itself; the old one is forgotten when retired", async () => {
    const opened = await withItems(4);
    await opened.deliver(opened.model.embed);
    const next = { ...COMPANION, revision: "00000000000d" };
    const newer = openCatalog({ shardCount: 1, shards: opened.namespace, companion: next });
    expect(await newer.catalog.stats()).toMatchObject({ embedded: 4, companion: { pending: 4 } });
    expect(idsOf(await opened.catalog.complete({ query: vectorOf(1, 128) }))[0]).toBe("item-1");
    await opened.catalog.retire(COMPANION);
    await runInDurableObject(shardOf(opened), (_, { storage }) => {
      const rows = storage.sql.exec<{ model: string }>(
        "SELECT model || '@' || revision AS model FROM spaces ORDER BY space",
      );
      expect(rows.toArray().map(({ model }) => model)).toEqual([
        `${SPACE.model}@${SPACE.revision}`,
        `${next.model}@${next.revision}`,
      ]);
    });
  });

  test("a companion that fails is tried again, without the vector, and given up in the end", async () => {
    const opened = await withItems(1);
    const { catalog, model } = opened;
    model.companion = () => new Error("the head is down");
    await opened.deliver(model.embed);
    expect((await catalog.get("item-0")).state).toEqual({ status: "embedded" });
    expect(await catalog.stats()).toMatchObject({ embedded: 1, companion: { pending: 1 } });
    for (let attempt = 2; attempt <= MAX_ATTEMPTS; attempt++) {
      await consume(catalog, (await hoursLater(opened)).map(messageOf), model.embed);
    }
    expect(model.asked.slice(1)).toEqual(
      Array.from({ length: MAX_ATTEMPTS - 1 }, () => ({ vector: false, companion: true })),
    );
    expect(await catalog.stats()).toMatchObject({ embedded: 1, failed: 0, companion: { failed: 1 } });
    model.companion = (number) => vectorOf(number, 128);
    expect(await catalog.retry("all")).toBe(1);
    while ((await catalog.stats()).companion!.pending > 0) {
      await consume(catalog, (await hoursLater(opened)).map(messageOf), model.embed);
    }
    expect(await catalog.stats()).toMatchObject({ companion: { embedded: 1 } });
  });

  test("a companion of another length, or none, is a failure of the companion alone", async () => {
    const opened = await withItems(2);
    opened.model.companion = (number) => (number === 0 ? vectorOf(0, 64) : undefined);
    await opened.deliver(opened.model.embed);
    expect(await opened.catalog.stats()).toMatchObject({
      embedded: 2,
      companion: { pending: 2, embedded: 0 },
    });
  });

  test("a picture that will never work fails in both spaces at once", async () => {
    const opened = await withItems(1);
    await opened.deliver(async () => {
      throw new Problem({ status: 422, code: "broken", title: "Broken", detail: "It ends in the middle." });
    });
    expect(await opened.catalog.stats()).toMatchObject({ failed: 1, companion: { failed: 1, pending: 0 } });
  });

  test("messages of both spaces, whichever comes first and at the same time, embed nothing twice", async () => {
    const opened = await withItems(4);
    opened.queue.take();
    const sent = await hoursLater(opened);
    expect(new Set(sent.map((body) => (body as { space: { model: string } }).space.model)).size).toBe(2);
    const { model } = opened;
    await Promise.all([1, 2].map(() => consume(opened.catalog, sent.map(messageOf), model.embed)));
    expect(model.asked).toHaveLength(4);
    expect(await opened.catalog.stats()).toMatchObject({ embedded: 4, companion: { embedded: 4 } });
  });

  test("another picture has another companion; a removed item has none", async () => {
    const opened = await withItems(3);
    const { catalog, deliver, model } = opened;
    await deliver(model.embed);
    await catalog.complete({ query: vectorOf(1, 128) });
    await catalog.put({ id: "item-1", fields: {}, picture: { bytes: picture(77) } });
    await catalog.delete("item-2");
    expect(idsOf(await catalog.complete({ query: vectorOf(1, 128) }))).toEqual(["item-0"]);
    await deliver(model.embed);
    expect(idsOf(await catalog.complete({ query: vectorOf(77, 128) }))).toEqual(["item-1", "item-0"]);
  });
});

describe(`completion (seed ${SEED})`, () => {
  test("ranks by inner products with a query of any length, as a plain computation does, page by page", async () => {
    const count = 120;
    const vectors = new ClusteredVectors(SEED, count, { dimensions: 128, perCategory: 30 });
    const opened = await withItems(count);
    opened.model.companion = (number) => vectors.at(number);
    await opened.deliver(opened.model.embed);
    const query = vectors.at(count + 1).map((value, at) => 5 * (value + vectors.at(5)[at]!));
    const expected = Array.from({ length: count }, (_, n) => ({
      id: `item-${n}`,
      score: dot(query, vectors.at(n)),
    })).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
    const ask = async () => {
      const found: { id: string; score: number }[] = [];
      let cursor: string | undefined;
      do {
        const page = await opened.catalog.complete({ query, limit: 40, cursor });
        found.push(...page.results.map(({ id, score }) => ({ id, score })));
        cursor = page.next;
      } while (cursor);
      return found;
    };
    expect(await ask()).toEqual(expected);
    expect(expected[0]!.score).toBeGreaterThan(2);
    await abortAllDurableObjects();
    expect(await ask()).toEqual(expected);
  });

  test("what is left out makes room for others", async () => {
    const opened = await withItems(30);
    await opened.deliver(opened.model.embed);
    const query = vectorOf(3, 128);
    const all = idsOf(await opened.catalog.complete({ query, limit: 30 }));
    const exclude = [all[0]!, all[2]!, "unheard-of"];
    const rest = idsOf(await opened.catalog.complete({ query, limit: 5, exclude }));
    expect(rest).toEqual([all[1], ...all.slice(3, 7)]);
    const filter = { price: { max: 9 } };
    const cheap = idsOf(await opened.catalog.complete({ query, limit: 30, filter, exclude: ["item-3"] }));
    expect([...cheap].sort()).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9].map((n) => `item-${n}`));
  });

  test("what cannot be asked for is refused", async () => {
    const { catalog } = await withItems(1);
    const query = vectorOf(1, 128);
    const exclude = Array.from({ length: MAX_EXCLUDED + 1 }, (_, n) => `item-${n}`);
    await expect(catalog.complete({ query, exclude })).rejects.toThrow(InvalidQueryError);
    await expect(catalog.complete({ query: vectorOf(1) })).rejects.toThrow(InvalidQueryError);
    await expect(catalog.complete({ query: query.map(() => Number.NaN) })).rejects.toThrow(InvalidQueryError);
    await expect(catalog.complete({ query, looks: [] })).rejects.toThrow(InvalidQueryError);
    await expect(openCatalog().catalog.complete({ query })).rejects.toThrow(NoCompanionError);
  });

  test("a space keeps the length that it has had; one without a code is refused", async () => {
    const opened = await withItems(1);
    const other = openCatalog({
      shardCount: 1,
      shards: opened.namespace,
      companion: { ...COMPANION, dimensions: 64 },
    });
    await expect(other.catalog.stats()).rejects.toThrow();
    const long = openCatalog({ shardCount: 1, space: { ...SPACE, dimensions: 257 } });
    await expect(long.catalog.stats()).rejects.toThrow();
  });
});
