/** When the table is looked for again. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TableKeeper } from "../../src/feed/table-keeper.ts";
import { contents, pagesOf, tinyManifest } from "./tiny-model.ts";

const EVERY_MS = 30_000;
const SOON_MS = EVERY_MS / 10;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A catalogue of `count` items that takes `tookMs` for them. */
function setUp(state: { count: number; tookMs: number; failing: boolean }) {
  let looks = 0;
  const pull = async (known?: string) => {
    looks++;
    if (state.tookMs > 0) await new Promise((done) => setTimeout(done, state.tookMs));
    if (state.failing) throw new Error("away");
    const revision = String(state.count);
    return revision === known ? undefined : { revision, pages: pagesOf(state.count, 1) };
  };
  const keeper = new TableKeeper({
    source: { pull },
    model: {
      manifest: tinyManifest,
      items: async (content) => contents(content.length / tinyManifest.content.dimensions, 2),
    },
    everyMs: EVERY_MS,
    index: "exact",
    log: () => undefined,
  });
  void keeper.start();
  return {
    keeper,
    /** Lets time pass, and what is under way be done. @returns how often it looked so far */
    async after(ms: number): Promise<number> {
      await vi.advanceTimersByTimeAsync(ms);
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      return looks;
    },
  };
}

it("looks again every so often once there are items", async () => {
  const { keeper, after } = setUp({ count: 3, tookMs: 0, failing: false });
  expect(await after(0)).toBe(1);
  expect(keeper.table!.size).toBe(3);
  expect(await after(EVERY_MS - 1)).toBe(1);
  expect(await after(1)).toBe(2);
});

it("looks soon again at a catalogue that is away or empty", async () => {
  const state = { count: 0, tookMs: 0, failing: true };
  const { keeper, after } = setUp(state);
  expect(await after(0)).toBe(1);
  state.failing = false;
  expect(await after(SOON_MS - 1)).toBe(1);
  expect(await after(1)).toBe(2);
  expect(keeper.table!.size).toBe(0);
  state.count = 3;
  expect(await after(SOON_MS)).toBe(3);
  expect(keeper.table!.size).toBe(3);
  expect(await after(SOON_MS)).toBe(3);
});

it("spends no more than a tenth of the time on a catalogue that is large", async () => {
  const state = { count: 3, tookMs: 10_000, failing: false };
  const { after } = setUp(state);
  expect(await after(state.tookMs)).toBe(1);
  expect(await after(9 * state.tookMs - 1)).toBe(1);
  expect(await after(1)).toBe(2);
});

it("does not rest from a catalogue that was long in failing", async () => {
  const { after } = setUp({ count: 3, tookMs: 10_000, failing: true });
  expect(await after(10_000)).toBe(1);
  expect(await after(SOON_MS)).toBe(2);
});
