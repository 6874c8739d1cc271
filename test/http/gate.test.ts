import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Gate, OverloadedError } from "../../src/http/gate.ts";

const gate = (overrides = {}) =>
  new Gate({ what: "pictures", capacity: 1, waiting: 2, patience: 1_000, lease: 10_000, ...overrides });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a gate", () => {
  it("lets in what fits and admits the waiting in their order", async () => {
    const one = gate();
    const order: string[] = [];
    const leaveFirst = await one.enter();
    const second = one.enter().then((leave) => {
      order.push("second");
      leave();
    });
    const third = one.enter().then((leave) => {
      order.push("third");
      leave();
    });
    expect(one.load).toEqual({ inside: 1, waiting: 2 });
    leaveFirst();
    await Promise.all([second, third]);
    expect(order).toEqual(["second", "third"]);
    expect(one.load).toEqual({ inside: 0, waiting: 0 });
  });

  it("refuses at once when too many wait", async () => {
    const one = gate();
    await one.enter();
    const waiting = [one.enter(), one.enter()];
    const error = await one.enter().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OverloadedError);
    expect(error).toMatchObject({ status: 503, code: "overloaded", retryAfter: 1 });
    await Promise.all([
      vi.advanceTimersByTimeAsync(1_000),
      ...waiting.map((entry) => expect(entry).rejects.toThrow()),
    ]);
  });

  it("refuses who has waited too long, and lets the next one in", async () => {
    const one = gate();
    const leave = await one.enter();
    const late = expect(one.enter()).rejects.toBeInstanceOf(OverloadedError);
    await vi.advanceTimersByTimeAsync(1_000);
    await late;
    expect(one.load).toEqual({ inside: 1, waiting: 0 });
    leave();
    await expect(one.enter()).resolves.toBeTypeOf("function");
  });

  it("weighs entrants, and lets a too heavy one in alone", async () => {
    const one = gate({ capacity: 10 });
    const leaveSix = await one.enter(6);
    await one.enter(4);
    const heavy = one.enter(50);
    expect(one.load.waiting).toBe(1);
    leaveSix();
    await vi.advanceTimersByTimeAsync(0);
    expect(one.load.waiting).toBe(1);
    await Promise.all([vi.advanceTimersByTimeAsync(1_000), expect(heavy).rejects.toThrow()]);
  });

  it("keeps room reserved for whoever waits first", async () => {
    const one = gate({ capacity: 10 });
    const leave = await one.enter(6);
    const heavy = one.enter(8);
    const light = one.enter(1);
    expect(one.load.waiting).toBe(2);
    leave();
    await Promise.all([heavy, light]);
    expect(one.load).toEqual({ inside: 2, waiting: 0 });
  });

  it("takes back what a vanished request held", async () => {
    const one = gate();
    await one.enter();
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(one.enter()).resolves.toBeTypeOf("function");
    expect(one.load).toEqual({ inside: 1, waiting: 0 });
  });

  it("counts leaving once", async () => {
    const one = gate({ capacity: 2 });
    const leave = await one.enter();
    await one.enter();
    leave();
    leave();
    expect(one.load.inside).toBe(1);
  });
});
