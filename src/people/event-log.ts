/** The log of all events: files of gzipped lines of JSON in a bucket, by the hour in which they were written. */
import { z } from "zod";
import type { QueueMessage } from "../catalog/embedding-worker.ts";
import { type LoggedEvent, UserId } from "./event.ts";
import { EVENTS_PER_TAKE } from "./limits.ts";
import type { People } from "./people.ts";

/** A hint that events of a person wait: which ones, their object knows. */
export const PersonMessage = z.strictObject({ user: UserId });
export type PersonMessage = z.infer<typeof PersonMessage>;

/** What is used of an R2 bucket. */
export interface LogBucket {
  put(key: string, value: ArrayBuffer, options?: object): Promise<unknown>;
}

const RETRY_SECONDS = 10;

const PREFIX = "events/";

/**
 * Handles a batch of the queue: one log file for all its people. An event may be in two files, when the process died
 * between writing and confirming: exports drop the second by its id. None is in none.
 */
export async function logEvents(
  people: Pick<People, "take" | "confirm">,
  bucket: LogBucket,
  messages: readonly QueueMessage[],
  now = new Date(),
): Promise<void> {
  const users = new Set<string>();
  for (const { body } of messages) {
    const message = PersonMessage.safeParse(body);
    if (message.success) users.add(message.data.user);
  }
  try {
    for (let left = [...users]; left.length > 0; ) {
      const taken = await Promise.all(
        left.map(async (user) => ({ user, ...(await people.take(user, EVENTS_PER_TAKE)) })),
      );
      const some = taken.filter(({ events }) => events.length > 0);
      if (some.length === 0) break;
      await writeLog(
        bucket,
        some.flatMap(({ events }) => events),
        now,
      );
      await Promise.all(some.map(({ user, upTo }) => people.confirm(user, upTo)));
      left = some.flatMap(({ user, more }) => (more ? user : []));
    }
    for (const message of messages) message.ack();
  } catch (error) {
    console.warn("event log:", error);
    for (const message of messages) message.retry({ delaySeconds: RETRY_SECONDS });
  }
}

async function writeLog(bucket: LogBucket, events: readonly LoggedEvent[], now: Date): Promise<void> {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  const zipped = new Blob([lines]).stream().pipeThrough(new CompressionStream("gzip"));
  const times = events.map(({ at }) => Date.parse(at));
  await bucket.put(logKey(now), await new Response(zipped).arrayBuffer(), {
    httpMetadata: { contentType: "application/x-ndjson", contentEncoding: "gzip" },
    customMetadata: {
      events: String(events.length),
      first: new Date(Math.min(...times)).toISOString(),
      last: new Date(Math.max(...times)).toISOString(),
    },
  });
}

/** `events/2026/11/25/10/<uuid>.ndjson.gz`: names sort by the hour. */
function logKey(now: Date): string {
  const [date, time] = now.toISOString().split("T") as [string, string];
  return `${PREFIX}${date.replaceAll("-", "/")}/${time.slice(0, 2)}/${crypto.randomUUID()}.ndjson.gz`;
}
