import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { BATCH_PICTURE_BYTES, type BatchEntry } from "../../src/catalog/batch.ts";
import { fingerprint, searchCursor } from "../../src/catalog/cursor.ts";
import { MAX_PAGE, MAX_RESULT_WINDOW } from "../../src/catalog/limits.ts";
import { DUPLICATE_PAGE, MAX_DUPLICATES } from "../../src/catalog/near-duplicates.ts";
import type { EmbeddingMessage } from "../../src/catalog/shard/messages.ts";
import { ITEMS_PER_ALARM, MESSAGES_PER_BATCH } from "../../src/catalog/shard/schedule.ts";
import { freshShard, openCatalog, picture, SPACE, vectorOf } from "./test-catalog.ts";

test("pages, duplicates and reports end where they say", async () => {
  const { catalog } = openCatalog();
  const count = MAX_PAGE + 10;
  async function* entries(): AsyncGenerator<BatchEntry> {
    for (let n = 0; n < count; n++) {
      yield { line: n + 1, write: { id: `item-${n}`, fields: {}, picture: { bytes: picture(1) } } };
    }
  }
  for await (const result of catalog.batch(entries())) expect(result.ok).toBe(true);
  const page = await catalog.list({ limit: 10_000 });
  expect(page.items).toHaveLength(MAX_PAGE);
  expect((await catalog.list({ limit: 10_000, cursor: page.next })).items).toHaveLength(10);
  expect(await catalog.duplicates.of("item-0")).toHaveLength(MAX_DUPLICATES);
  const report = await catalog.duplicates.report();
  expect(report.groups.length).toBeLessThanOrEqual(DUPLICATE_PAGE);
  expect(report.next).toBeDefined();
});

test("an alarm sends so many items, in batches that a queue takes, and the next one the rest", async () => {
  const shard = freshShard();
  const writes = Array.from({ length: ITEMS_PER_ALARM + 10 }, (_, n) => ({
    id: `item-${n}`,
    fields: {},
    image: { url: "https://example.com/1" },
  }));
  await shard.put(writes, SPACE);
  const batches: EmbeddingMessage[][] = [];
  await runInDurableObject<{ env: object }, void>(shard, (object, { storage }) => {
    const sendBatch = async (batch: { body: EmbeddingMessage }[]) =>
      void batches.push(batch.map(({ body }) => body));
    Object.defineProperty(object, "env", { value: { EMBEDDING_QUEUE: { sendBatch } } });
    storage.sql.exec("UPDATE embeddings SET due_at = due_at - 3600000");
  });
  while (new Set(batches.flat().flatMap(({ ids }) => ids)).size < writes.length) {
    const before = batches.length;
    await runDurableObjectAlarm(shard);
    const sent = batches.slice(before).flat();
    expect(sent.flatMap(({ ids }) => ids).length).toBeLessThanOrEqual(ITEMS_PER_ALARM);
  }
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(MESSAGES_PER_BATCH);
});

test("a batch holds a few megabytes of pictures at a time", async () => {
  const { catalog } = openCatalog();
  const size = 3 * 1024 * 1024;
  let taken = 0;
  async function* entries(): AsyncGenerator<BatchEntry> {
    for (let n = 0; n < 10; n++) {
      const bytes = new Uint8Array(size);
      bytes.set(picture(n));
      // The first chunk after the header reaches to the end.
      new DataView(bytes.buffer).setUint32(33, size - 45);
      taken++;
      yield { line: n + 1, write: { id: `item-${n}`, fields: {}, picture: { bytes } } };
    }
  }
  const results = catalog.batch(entries());
  await results.next();
  expect(taken).toBe(Math.ceil(BATCH_PICTURE_BYTES / size));
  let answered = 1;
  for await (const { ok } of results) answered += Number(ok);
  expect(answered).toBe(10);
});

test("a search has no page beyond its window", async () => {
  const { catalog } = openCatalog();
  const vector = vectorOf(1);
  const print = await fingerprint(vector, {});
  const cursor = searchCursor(print, { score: 1, id: "a", seen: MAX_RESULT_WINDOW }, SPACE.revision);
  expect(await catalog.search.run({ by: { vector }, cursor })).toEqual({ results: [] });
  const beyond = searchCursor(print, { score: 1, id: "a", seen: MAX_RESULT_WINDOW + 1 }, SPACE.revision);
  await expect(catalog.search.run({ by: { vector }, cursor: beyond })).rejects.toMatchObject({ status: 400 });
});
