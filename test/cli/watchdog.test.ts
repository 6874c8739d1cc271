import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { watch } from "../../src/cli/server/watchdog.ts";

/** Never answers. */
const silence = (signal: AbortSignal) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

it("starts a runtime again that does not answer, and goes on watching", async () => {
  let restarts = 0;
  const stop = watch({
    ask: silence,
    restart: async () => void restarts++,
    everyMs: 5,
    silenceMs: 20,
  });
  await expect.poll(() => restarts).toBeGreaterThan(1);
  stop();
  const before = restarts;
  await sleep(80);
  expect(restarts).toBe(before);
});

it("leaves one alone that answers, be it with an error", async () => {
  let [asked, restarts] = [0, 0];
  const ask = async () => {
    if (asked++ % 2 === 0) throw new Error("refused");
  };
  const stop = watch({ ask, restart: async () => void restarts++, everyMs: 5, silenceMs: 1_000 });
  await expect.poll(() => asked).toBeGreaterThan(4);
  stop();
  expect(restarts).toBe(0);
});

it("goes on when starting again fails once", async () => {
  let restarts = 0;
  const restart = async () => {
    if (restarts++ === 0) throw new Error("not yet");
  };
  const stop = watch({ ask: silence, restart, everyMs: 5, silenceMs: 20 });
  await expect.poll(() => restarts).toBeGreaterThan(1);
  stop();
});
