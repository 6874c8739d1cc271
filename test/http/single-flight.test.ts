import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SingleFlight } from "../../src/http/single-flight.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const flights = (capacity = 10) => new SingleFlight<number>({ capacity, patience: 1_000 });

function own<Value>(flight: ReturnType<SingleFlight<Value>["join"]>) {
  if (!flight.own) throw new Error("somebody else computes");
  return flight;
}

function shared<Value>(flight: ReturnType<SingleFlight<Value>["join"]>) {
  if (flight.own) throw new Error("nobody else computes");
  return flight;
}

describe("single flight", () => {
  it("gives everybody the first one's answer", async () => {
    const all = flights();
    const first = own(all.join("a"));
    const answers = [shared(all.join("a")).wait(), shared(all.join("a")).wait()];
    first.land(7);
    expect(await Promise.all(answers)).toEqual([7, 7]);
    expect(all.size).toBe(0);
  });

  it("keeps keys apart", () => {
    const all = flights();
    own(all.join("a"));
    expect(own(all.join("b")).own).toBe(true);
  });

  it("crashes for everybody, and starts anew afterwards", async () => {
    const all = flights();
    const first = own(all.join("a"));
    const answer = shared(all.join("a")).wait();
    first.crash(new Error("no"));
    await expect(answer).rejects.toThrow("no");
    expect(own(all.join("a")).own).toBe(true);
  });

  it("does not wait for ever for an answer that never comes", async () => {
    const all = flights();
    own(all.join("a"));
    const answer = shared(all.join("a")).wait();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answer).toBeUndefined();
    expect(own(all.join("a")).own).toBe(true);
  });

  it("is bounded: beyond its capacity everybody computes alone", () => {
    const all = flights(1);
    own(all.join("a"));
    own(all.join("b"));
    expect(own(all.join("b")).own).toBe(true);
    expect(all.size).toBe(1);
  });

  it("makes room by dropping abandoned flights", async () => {
    const all = flights(1);
    own(all.join("a"));
    await vi.advanceTimersByTimeAsync(1_001);
    own(all.join("b"));
    expect(shared(all.join("b")).own).toBe(false);
  });
});
