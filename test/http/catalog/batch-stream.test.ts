import { describe, expect, it } from "vitest";
import type { BatchEntry, BatchResult } from "../../../src/catalog/batch.ts";
import { answerStream, piecesOf, upToLimit, WHOLE_BATCH } from "../../../src/http/catalog/batch-stream.ts";
import { Problem } from "../../../src/problem.ts";

const entry = (line: number): BatchEntry => ({ line, write: { id: `i${line}`, fields: {} } });
const good = (line: number): BatchResult => ({
  ...{ line, ok: true, id: `i${line}`, version: 1, created: true, changed: true },
});

async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

async function* from<Value>(...values: Value[]): AsyncGenerator<Value> {
  yield* values;
}

/** The lines of a stream's answer, and what it told. */
async function answersOf(results: AsyncGenerator<BatchResult>) {
  const told = { ended: 0, failed: [] as unknown[] };
  const stream = answerStream(results, {
    ended: () => {
      told.ended += 1;
    },
    failed: (error) => told.failed.push(error),
  });
  const lines = (await new Response(stream).text()).split("\n").filter(Boolean);
  return { answers: lines.map((line) => JSON.parse(line)), told };
}

describe("lines", () => {
  it("beyond the limit are refused, and no more are read", async () => {
    let read = 0;
    async function* endless() {
      for (;;) yield entry(++read);
    }
    const entries = await collect(upToLimit(endless(), 3));
    expect(entries.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
    expect(entries[3]!.write).toMatchObject({ code: "batch-too-long", status: 413 });
    expect(read).toBe(4);
  });

  it("that do not come end the wait", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([1])),
      pull: () => new Promise(() => {}),
      cancel: () => {
        cancelled = true;
      },
    });
    await expect(collect(piecesOf(body, 20))).rejects.toMatchObject({ code: "batch-stalled", status: 408 });
    expect(cancelled).toBe(true);
  });
});

describe("answers", () => {
  it("come a line for each result, good or bad", async () => {
    const problem = new Problem({ status: 503, code: "busy", title: "Busy", detail: "Busy.", retryAfter: 2 });
    const { answers, told } = await answersOf(from(good(1), { line: 2, ok: false, id: "i2", problem }));
    expect(answers).toEqual([
      { line: 1, ok: true, id: "i1", version: 1, created: true, changed: true },
      {
        ...{ line: 2, ok: false, id: "i2" },
        problem: {
          ...{ type: "urn:corkboard:problem:busy", title: "Busy", status: 503 },
          ...{ detail: "Busy.", code: "busy", retryAfter: 2 },
        },
      },
    ]);
    expect(told).toEqual({ ended: 1, failed: [] });
  });

  it("say that the batch ended early, without saying more than they should", async () => {
    async function* failing(): AsyncGenerator<BatchResult> {
      yield good(1);
      throw new TypeError("secret inside");
    }
    const { answers, told } = await answersOf(failing());
    expect(answers[1]).toMatchObject({ line: WHOLE_BATCH, ok: false, problem: { code: "internal-error" } });
    expect(JSON.stringify(answers)).not.toContain("secret");
    expect(told).toEqual({ ended: 1, failed: [expect.any(TypeError)] });
  });

  it("are made no faster than they are read, and no more when nobody reads", async () => {
    let made = 0;
    let ended = 0;
    async function* endless(): AsyncGenerator<BatchResult> {
      for (;;) yield good(++made);
    }
    const reader = answerStream(endless(), {
      ended: () => {
        ended += 1;
      },
      failed: () => undefined,
    }).getReader();
    await reader.read();
    await new Promise((done) => setTimeout(done, 10));
    expect(made).toBeLessThanOrEqual(3);
    await reader.cancel();
    expect(ended).toBe(1);
  });
});
