import { expect, it } from "vitest";
import { actionCountsOf } from "../../src/feed/popularity.ts";
import type { LoggedEvent } from "../../src/people/event.ts";

const TAKEN = Date.parse("2026-11-29T12:00:00Z");

const logged = (action: LoggedEvent["action"], after = -1_000): LoggedEvent => ({
  ...{ id: action, user: "u-1", item: `item-${action}`, action },
  at: new Date(TAKEN + after).toISOString(),
  receivedAt: new Date(TAKEN).toISOString(),
});

it("counts what people do, hides against the item, impressions not at all", () => {
  const events = (["impression", "click", "closeup", "save", "hide", "purchase"] as const).map((one) =>
    logged(one),
  );
  expect(actionCountsOf(events)).toEqual(
    Object.entries({ click: 1, closeup: 1, save: 2, hide: -2, purchase: 3 }).map(([action, weight]) => ({
      ...{ item: `item-${action}`, weight, at: TAKEN - 1_000 },
    })),
  );
});

it("counts no action as later than it was taken, whatever the clock of its sender", () => {
  expect(actionCountsOf([logged("click", 300_000)])).toEqual([{ item: "item-click", weight: 1, at: TAKEN }]);
});
