/** Batches over connections that break, to servers that are busy. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BatchItem, Corkboard } from "../../src/client/index.ts";
import { server, settled } from "./fake-server.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a batch", () => {
  const items = (count: number): BatchItem[] =>
    Array.from({ length: count }, (_, n) => ({ id: `i${n}`, image: "https://a.example/1.jpg" }));

  const idsOf = ({ body }: RequestInit): string[] =>
    String(body)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).id);

  /** Answers every line, or only some of them. */
  const answering =
    (answer: (id: string, line: number) => object | undefined) =>
    (init: RequestInit): Response => {
      const lines = idsOf(init).flatMap((id, at) => answer(id, at + 1) ?? []);
      return new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    };

  const good = (id: string, line: number) => ({
    line,
    ok: true,
    id,
    version: 1,
    created: true,
    changed: true,
  });
  const busy = (id: string, line: number) => ({
    ...{ line, ok: false, id },
    problem: { type: "", title: "", status: 503, detail: "Busy.", code: "busy", retryAfter: 1 },
  });

  async function all(
    corkboard: Corkboard,
    list: Iterable<BatchItem> | AsyncIterable<BatchItem>,
    options = {},
  ) {
    const results: { index: number; ok: boolean; id: string }[] = [];
    for await (const result of corkboard.items.batch(list, options)) results.push(result);
    return results.sort((a, b) => a.index - b.index);
  }

  it("sends lines again that got no answer, and those that are to come again", async () => {
    let round = 0;
    const { corkboard, calls } = server((init) => {
      round += 1;
      if (round === 1) return answering((id, line) => (line === 3 ? undefined : good(id, line)))(init);
      if (round === 2) return answering(busy)(init);
      return answering(good)(init);
    });
    const results = await settled(all(corkboard, items(4)));
    expect(results.map(({ id, ok: fine }) => [id, fine])).toEqual(items(4).map(({ id }) => [id, true]));
    expect(calls.map(({ init }) => idsOf(init))).toEqual([["i0", "i1", "i2", "i3"], ["i2"], ["i2"]]);
  });

  it("goes on after a connection that broke in the middle", async () => {
    let round = 0;
    const { corkboard } = server((init) => {
      if (++round > 1) return answering(good)(init);
      const first = `${JSON.stringify(good("i0", 1))}\n{"line":2,`;
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(first)),
        pull: (controller) => controller.error(new TypeError("terminated")),
      });
      return new Response(body);
    });
    const results = await settled(all(corkboard, items(3)));
    expect(results.map(({ id }) => id)).toEqual(["i0", "i1", "i2"]);
  });

  it("gives up on a line that is never taken, and says why", async () => {
    const { corkboard } = server(answering((id, line) => (id === "i1" ? busy(id, line) : good(id, line))));
    const results = await settled(all(corkboard, items(3)));
    expect(results[1]).toMatchObject({ id: "i1", ok: false, problem: { code: "busy" } });
  });

  it("takes no more items than it can send", async () => {
    let taken = 0;
    async function* endless() {
      for (;;) yield { id: `i${taken++}`, image: "https://a.example/1.jpg" };
    }
    const { corkboard } = server(() => new Promise<Response>(() => {}));
    const running = corkboard.items.batch(endless(), { size: 10, concurrency: 2 }).next();
    running.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(taken).toBeLessThanOrEqual(32);
  });

  it("cuts requests by length too", async () => {
    const large = { id: "large", image: `data:image/jpeg;base64,${"A".repeat(5 * 1024 * 1024)}` };
    const { corkboard, calls } = server(answering(good));
    await settled(all(corkboard, [large, large, large]));
    expect(calls).toHaveLength(3);
  });
});
