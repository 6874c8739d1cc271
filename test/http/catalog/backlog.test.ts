import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CatalogStats } from "../../../src/catalog/catalog.ts";
import { Backlog } from "../../../src/http/catalog/backlog.ts";
import { BACKLOG_KNOWN_FOR_MS, BACKLOG_RETRY_SECONDS } from "../../../src/http/catalog/limits.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A catalogue with so many waiting items, which counts how often it is asked. */
function waiting(pending: number) {
  const catalog = {
    pending,
    asked: 0,
    async stats() {
      catalog.asked += 1;
      if (catalog.pending < 0) throw new Error("away");
      return { pending: catalog.pending } as CatalogStats;
    },
  };
  return catalog;
}

it("refuses writes while too many items wait, and says when to come back", async () => {
  const catalog = waiting(10);
  const backlog = new Backlog(catalog, 10);
  await expect(backlog.check()).rejects.toMatchObject({
    status: 503,
    code: "backlog-full",
    retryAfter: BACKLOG_RETRY_SECONDS,
  });
  catalog.pending = 9;
  vi.setSystemTime(Date.now() + BACKLOG_KNOWN_FOR_MS);
  await backlog.check();
});

it("counts now and then, not on every write", async () => {
  const catalog = waiting(0);
  const backlog = new Backlog(catalog, 10);
  await Promise.all([backlog.check(), backlog.check(), backlog.check()]);
  expect(catalog.asked).toBe(1);
});

it("does not remember that the catalogue was away", async () => {
  const catalog = waiting(-1);
  const backlog = new Backlog(catalog, 10);
  await expect(backlog.check()).rejects.toThrow("away");
  catalog.pending = 0;
  await backlog.check();
});
