/** What a deployment's variables say of the origin that feeds are asked of. */
import { afterEach, expect, it, vi } from "vitest";
import { feedOriginOf } from "../../functions/api/inference.ts";
import { MAX_FEED_ORIGIN_DEADLINE_MS } from "../../src/feed/limits.ts";

const ORIGIN_URL = "http://127.0.0.1:8001";

afterEach(() => {
  vi.restoreAllMocks();
});

it("is none without an address", () => {
  expect(feedOriginOf({})).toEqual({});
  expect(feedOriginOf({ ORIGIN_URL: "", FEED_ORIGIN_DEADLINE: "200" })).toEqual({});
});

it("has the deadline and the model that are set", () => {
  const { origin, ...rest } = feedOriginOf({
    ORIGIN_URL,
    FEED_ORIGIN_DEADLINE: "200",
    FEED_ORIGIN_MODEL: "unipinrec@0123456789ab",
  });
  expect(origin).toBeDefined();
  expect(rest).toEqual({ originDeadlineMs: 200, originModel: "unipinrec@0123456789ab" });
  expect(Object.keys(feedOriginOf({ ORIGIN_URL, FEED_ORIGIN_MODEL: "" }))).toEqual(["origin"]);
});

it.each(["0", "-1", String(MAX_FEED_ORIGIN_DEADLINE_MS + 1), "soon", "NaN"])(
  "ignores a deadline of %s, and says so",
  (text) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    expect(feedOriginOf({ ORIGIN_URL, FEED_ORIGIN_DEADLINE: text })).not.toHaveProperty("originDeadlineMs");
    expect(warn.mock.calls[0]![0]).toContain("FEED_ORIGIN_DEADLINE is ignored");
  },
);

it("may have the longest deadline that is allowed", () => {
  const text = String(MAX_FEED_ORIGIN_DEADLINE_MS);
  expect(feedOriginOf({ ORIGIN_URL, FEED_ORIGIN_DEADLINE: text }).originDeadlineMs).toBe(
    MAX_FEED_ORIGIN_DEADLINE_MS,
  );
});
