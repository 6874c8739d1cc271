import { describe, expect, test } from "vitest";
import { BATCH_WINDOW, type BatchResult, MAX_LINE_LENGTH, readItemLines } from "../../src/catalog/batch.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { openCatalog, picture } from "./test-catalog.ts";

function dataUrl(number: number): string {
  return `data:image/png;base64,${btoa(String.fromCharCode(...picture(number)))}`;
}

/** A body that arrives in pieces of `size` bytes. */
async function* pieces(text: string, size = 1_000): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function write(catalog: Catalog, text: string, size?: number): Promise<BatchResult[]> {
  const results: BatchResult[] = [];
  for await (const result of catalog.batch(readItemLines(pieces(text, size)))) results.push(result);
  return results;
}

describe("batches", () => {
  test("every line is answered, in order, and those that fail stop no other", async () => {
    const { catalog } = openCatalog();
    const lines = [
      JSON.stringify({ id: "a", title: "Ä vase — 花瓶", image: dataUrl(1) }),
      "",
      "{ no json",
      JSON.stringify({ id: "no spaces please", image: dataUrl(2) }),
      JSON.stringify({ id: "b", price: -1, image: dataUrl(2) }),
      JSON.stringify({ id: "c", image: "data:image/png;base64,AAAA" }),
      JSON.stringify({ id: "d" }),
      JSON.stringify({ id: "e", image: "https://example.com/pictures/5", surprise: 1 }),
      JSON.stringify({ id: "f", image: "https://example.com/pictures/5" }),
    ];
    for (const size of [1, 7, 100_000]) {
      const results = await write(catalog, lines.join("\r\n"), size);
      expect(results.map(({ line, ok }) => [line, ok])).toEqual([
        [1, true],
        [3, false],
        [4, false],
        [5, false],
        [6, false],
        [7, false],
        [8, false],
        [9, true],
      ]);
      const codes = results.map((result) => (result.ok ? result.id : result.problem.code));
      expect(codes).toEqual([
        "a",
        "invalid-line",
        "invalid-line",
        "invalid-line",
        "unsupported-picture",
        "picture-missing",
        "invalid-line",
        "f",
      ]);
    }
    expect((await catalog.get("a")).title).toBe("Ä vase — 花瓶");
    expect((await catalog.get("f")).image).toEqual({ url: "https://example.com/pictures/5" });
  });

  test("more lines than a window holds are written all, and the same batch again changes nothing", async () => {
    const { catalog, queue } = openCatalog();
    const count = BATCH_WINDOW * 2 + 5;
    const text = Array.from({ length: count }, (_, n) =>
      JSON.stringify({ id: `item-${n}`, image: dataUrl(n) }),
    ).join("\n");
    const first = await write(catalog, text);
    expect(first.filter((result) => result.ok && result.created)).toHaveLength(count);
    expect(first.map(({ line }) => line)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    expect(
      queue
        .take()
        .flatMap(({ ids }) => ids)
        .sort(),
    ).toEqual(Array.from({ length: count }, (_, n) => `item-${n}`).sort());
    const again = await write(catalog, text);
    expect(again.filter((result) => result.ok && !result.changed)).toHaveLength(count);
    expect(queue.take()).toEqual([]);
    expect((await catalog.stats()).items).toBe(count);
  });

  test("of two lines with the same id the last one stays", async () => {
    const { catalog } = openCatalog();
    const lines = [1, 2].map((n) => JSON.stringify({ id: "a", title: `title ${n}`, image: dataUrl(n) }));
    const results = await write(catalog, lines.join("\n"));
    expect(results).toMatchObject([
      { ok: true, created: true, version: 1 },
      { ok: true, created: false, version: 2 },
    ]);
    expect((await catalog.get("a")).title).toBe("title 2");
  });

  test("a line that is too long is refused without being kept", async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      const piece = new Uint8Array(1024 * 1024).fill(32);
      for (let length = 0; length <= MAX_LINE_LENGTH; length += piece.length) yield piece;
      yield new TextEncoder().encode(`\n{"id":"a","image":"https://example.com/1"}`);
    }
    const entries = [];
    for await (const entry of readItemLines(endless())) entries.push(entry);
    expect(entries).toMatchObject([
      { line: 1, write: { code: "invalid-line" } },
      { line: 2, write: { id: "a" } },
    ]);
  });
});
