/** What a file of the event log holds, however much waits for it. */
import { expect, it } from "vitest";
import type { LoggedEvent } from "../../src/people/event.ts";
import { type LogBucket, logEvents } from "../../src/people/event-log.ts";
import { EVENTS_PER_LOG, EVENTS_PER_TAKE } from "../../src/people/limits.ts";

const AT = "2026-11-25T10:00:00.000Z";

/** People with so many events each that wait, and the files that they end in. */
function backlog(users: number, each: number) {
  const waiting = new Map<string, LoggedEvent[]>();
  for (let user = 0; user < users; user++) {
    const event = { user: `u-${user}`, item: "x", action: "click", at: AT, receivedAt: AT } as const;
    waiting.set(
      event.user,
      Array.from({ length: each }, (_, at) => ({ ...event, id: `e-${at}` })),
    );
  }
  const files: number[] = [];
  const put = async (_key: string, _value: ArrayBuffer, options?: object) => {
    files.push(Number((options as { customMetadata: { events: string } }).customMetadata.events));
  };
  const people = {
    take: async (user: string, limit: number) => {
      const own = waiting.get(user)!;
      return { events: own.slice(0, limit), upTo: Math.min(limit, own.length), more: own.length > limit };
    },
    confirm: async (user: string, upTo: number) => void waiting.get(user)!.splice(0, upTo),
  };
  const bucket = { put } as unknown as LogBucket;
  const messages = [...waiting.keys()].map((user) => ({ body: { user }, attempts: 1, ack() {}, retry() {} }));
  return { files, waiting, log: () => logEvents(people, bucket, messages) };
}

it("is bounded, whatever waits: then there are more files, and everything is in one", async () => {
  const { files, waiting, log } = backlog(100, EVENTS_PER_TAKE / 4);
  await log();
  expect(Math.max(...files)).toBe(EVENTS_PER_LOG);
  expect(files.reduce((sum, events) => sum + events, 0)).toBe((100 * EVENTS_PER_TAKE) / 4);
  expect([...waiting.values()].flat()).toEqual([]);
});

it("is one for a batch of which little waits", async () => {
  const { files, log } = backlog(100, 3);
  await log();
  expect(files).toEqual([300]);
});
