/** What the client does when things go wrong on the way. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type BatchItem,
  ConnectionError,
  Corkboard,
  ForbiddenError,
  type ProblemError,
  RateLimitError,
  UnavailableError,
} from "../../src/client/index.ts";

type Answer = Response | Error | ((init: RequestInit) => Response | Promise<Response>);

/** Answers one after the other; the last again and again. */
function server(...answers: Answer[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    const answer = answers[Math.min(calls.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer(init) : answer.clone();
  };
  return { calls, corkboard: new Corkboard({ baseUrl: "https://cork.example/", fetch }) };
}

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = {
    type: `urn:corkboard:problem:${code}`,
    title: "No",
    status,
    detail: "No.",
    code,
    hint: "Wait.",
  };
  return Response.json(body, { status, headers });
}

const ok = () => Response.json({ items: 1 });
const offline = new TypeError("fetch failed");

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Lets all waits pass. */
async function settled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  await vi.runAllTimersAsync();
  return promise;
}

describe("a request", () => {
  it.each([429, 502, 503, 504])("is sent again after %i", async (status) => {
    const { corkboard, calls } = server(problem(status, "busy"), problem(status, "busy"), ok());
    expect(await settled(corkboard.catalog())).toEqual({ items: 1 });
    expect(calls).toHaveLength(3);
  });

  it("is sent again when there was no connection", async () => {
    const { corkboard, calls } = server(offline, ok());
    await settled(corkboard.catalog());
    expect(calls).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 409, 412, 413, 422, 500])("is not sent again after %i", async (status) => {
    const { corkboard, calls } = server(problem(status, "no"));
    await expect(settled(corkboard.catalog())).rejects.toMatchObject({
      status,
      code: "no",
      message: "No. Wait.",
    });
    expect(calls).toHaveLength(1);
  });

  it("waits as long as the server says, and longer with every try when it does not", async () => {
    const { corkboard, calls } = server(problem(429, "busy", { "retry-after": "7" }), ok());
    const answer = corkboard.catalog();
    await vi.advanceTimersByTimeAsync(6_990);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(600);
    await answer;
    expect(calls).toHaveLength(2);

    const busy = server(problem(503, "busy"));
    const failing = busy.corkboard.catalog();
    failing.catch(() => undefined);
    const counts = [];
    for (const seconds of [0.5, 1, 2, 4]) {
      await vi.advanceTimersByTimeAsync(seconds * 1000);
      counts.push(busy.calls.length);
    }
    expect(counts).toEqual([2, 3, 4, 5]);
    await expect(failing).rejects.toThrow(UnavailableError);
  });

  it("does not wait for longer than a minute and a half", async () => {
    const { corkboard, calls } = server(problem(429, "busy", { "retry-after": "3600" }), ok());
    await expect(corkboard.catalog()).rejects.toMatchObject({ retryAfter: 3600, status: 429 });
    expect(calls).toHaveLength(1);
  });

  it("ends with the last answer when retries are used up", async () => {
    const { corkboard, calls } = server(problem(429, "rate-limited"));
    await expect(settled(corkboard.catalog())).rejects.toThrow(RateLimitError);
    expect(calls).toHaveLength(5);
    await expect(settled(server(offline).corkboard.catalog())).rejects.toThrow(ConnectionError);
  });

  it("that must not be done twice is not sent again after a broken connection", async () => {
    const { corkboard, calls } = server(offline, ok());
    await expect(settled(corkboard.keys.create({ name: "a" }))).rejects.toThrow(ConnectionError);
    expect(calls).toHaveLength(1);
    const busy = server(problem(429, "busy"), ok());
    await settled(busy.corkboard.keys.create({ name: "a" }));
    expect(busy.calls).toHaveLength(2);
  });

  it("ends at once when its signal says so, in a request or between two", async () => {
    const controller = new AbortController();
    const { corkboard } = server(problem(503, "busy"));
    const answer = corkboard.catalog({ signal: controller.signal });
    answer.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(100);
    controller.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
    const hanging = server(
      ({ signal }) =>
        new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    );
    const other = new AbortController();
    const stuck = hanging.corkboard.catalog({ signal: other.signal });
    other.abort(new Error("enough"));
    await expect(stuck).rejects.toThrow("enough");
  });

  it("that is not answered in time is sent again", async () => {
    const { corkboard, calls } = server(
      ({ signal }) =>
        new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
      ok(),
    );
    await settled(corkboard.catalog());
    expect(calls).toHaveLength(2);
  });

  it("says what a proxy on the way said, whatever it is", async () => {
    const { corkboard } = server(new Response("<html>Forbidden", { status: 403, statusText: "Forbidden" }));
    const error = await settled(corkboard.catalog()).catch((reason: ProblemError) => reason);
    expect(error).toBeInstanceOf(ForbiddenError);
    expect(error).toMatchObject({ status: 403, code: "http-403", name: "ForbiddenError" });
  });

  it("carries the key, and escapes what it is about", async () => {
    const calls: string[] = [];
    const fetch = async (url: string, init: RequestInit) => {
      calls.push(url, new Headers(init.headers).get("authorization")!);
      return ok();
    };
    await new Corkboard({ baseUrl: "https://cork.example", key: "ck_1", fetch }).items.get("a/../b?c");
    expect(calls).toEqual(["https://cork.example/v1/items/a%2F..%2Fb%3Fc", "Bearer ck_1"]);
  });
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
