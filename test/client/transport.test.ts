/** What the client does when things go wrong on the way. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  ConnectionError,
  Corkboard,
  ForbiddenError,
  type ProblemError,
  RateLimitError,
  UnavailableError,
} from "../../src/client/index.ts";
import { offline, ok, problem, server, settled } from "./fake-server.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

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
