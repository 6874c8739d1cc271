/** The log of all events: files of gzipped lines of JSON in a bucket, by the hour in which they were written. */
import { z } from "zod";
import type { QueueMessage } from "../catalog/embedding-worker.ts";
import { type LoggedEvent, UserId } from "./event.ts";
import { EVENTS_PER_LOG, EVENTS_PER_TAKE } from "./limits.ts";
import type { People } from "./people.ts";

const RETRY_SECONDS = 10;
const PREFIX = "events/";
const SUFFIX = ".ndjson.gz";

/** A hint that events of a person wait: which ones, their object knows. */
export const PersonMessage = z.strictObject({ user: UserId });
export type PersonMessage = z.infer<typeof PersonMessage>;

/** What is used of an R2 bucket. */
export interface LogBucket {
  put(key: string, value: ArrayBuffer, options?: object): Promise<unknown>;
  get(key: string): Promise<{ readonly body: ReadableStream } | null>;
  list(options: {
    prefix: string;
    limit: number;
    startAfter?: string;
    include: ["customMetadata"];
  }): Promise<{
    readonly objects: readonly {
      readonly key: string;
      readonly size: number;
      readonly customMetadata?: Readonly<Record<string, string>>;
    }[];
    readonly truncated: boolean;
  }>;
}

/** A file of the log. */
export interface EventLog {
  /** `2026/11/25/10/<uuid>`: names sort by the hour of writing. */
  readonly name: string;
  readonly events: number;
  /** Times of the first and the last event, ISO 8601, UTC. */
  readonly first: string;
  readonly last: string;
  /** Of the compressed file. */
  readonly bytes: number;
}

export interface EventLogPage {
  readonly logs: EventLog[];
  /** The name after which the next page begins; none after the last. */
  readonly next?: string;
}

export const LogName = z.string().regex(/^\d{4}\/\d{2}\/\d{2}\/\d{2}\/[0-9a-f-]{36}$/, "is no name of a log");

/** Files of the log in the order of their names. */
export async function listLogs(
  bucket: LogBucket,
  after: string | undefined,
  limit: number,
): Promise<EventLogPage> {
  const startAfter = after === undefined ? {} : { startAfter: keyOf(after) };
  const { objects, truncated } = await bucket.list({
    prefix: PREFIX,
    limit,
    include: ["customMetadata"],
    ...startAfter,
  });
  const logs = objects.map(({ key, size, customMetadata = {} }) => ({
    name: key.slice(PREFIX.length, -SUFFIX.length),
    events: Number(customMetadata.events),
    first: customMetadata.first!,
    last: customMetadata.last!,
    bytes: size,
  }));
  return { logs, ...(truncated && { next: logs.at(-1)!.name }) };
}

/** A file's lines of JSON, gzipped; nothing when there is no such file. */
export async function readLog(bucket: LogBucket, name: string): Promise<ReadableStream | undefined> {
  return (await bucket.get(keyOf(name)))?.body;
}

function keyOf(name: string): string {
  return `${PREFIX}${name}${SUFFIX}`;
}

/**
 * Handles a batch of the queue: one log file for all its people, more when too much waits for one. An event may be in two files, when the process died
 * between writing and confirming: exports drop the second by its id. None is in none.
 *
 * @param onLogged is told of events that the log has now; what goes wrong with it changes nothing
 */
export async function logEvents(
  people: Pick<People, "take" | "confirm">,
  bucket: LogBucket,
  messages: readonly QueueMessage[],
  now = new Date(),
  onLogged: (events: readonly LoggedEvent[]) => Promise<void> = async () => {},
): Promise<void> {
  const users = new Set<string>();
  for (const { body } of messages) {
    const message = PersonMessage.safeParse(body);
    if (message.success) users.add(message.data.user);
  }
  try {
    for (let left = [...users]; left.length > 0; ) {
      const name = nameAt(now);
      const share = Math.min(EVENTS_PER_TAKE, Math.max(1, Math.floor(EVENTS_PER_LOG / left.length)));
      const taken = await Promise.all(
        left.map(async (user) => ({ user, ...(await people.take(user, share, name)) })),
      );
      const some = taken.filter(({ events }) => events.length > 0);
      if (some.length === 0) break;
      await writeLog(
        bucket,
        name,
        some.flatMap(({ events }) => events),
      );
      await Promise.all(some.map(({ user, upTo }) => people.confirm(user, upTo)));
      await onLogged(some.flatMap(({ events }) => events)).catch((error: unknown) =>
        console.warn("after the event log:", error),
      );
      left = some.flatMap(({ user, more }) => (more ? user : []));
    }
    for (const message of messages) message.ack();
  } catch (error) {
    console.warn("event log:", error);
    for (const message of messages) message.retry({ delaySeconds: RETRY_SECONDS });
  }
}

async function writeLog(bucket: LogBucket, name: string, events: readonly LoggedEvent[]): Promise<void> {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  const zipped = new Blob([lines]).stream().pipeThrough(new CompressionStream("gzip"));
  const times = events.map(({ at }) => Date.parse(at));
  await bucket.put(keyOf(name), await new Response(zipped).arrayBuffer(), {
    httpMetadata: { contentType: "application/x-ndjson", contentEncoding: "gzip" },
    customMetadata: {
      events: String(events.length),
      first: new Date(Math.min(...times)).toISOString(),
      last: new Date(Math.max(...times)).toISOString(),
    },
  });
}

function nameAt(now: Date): string {
  const [date, time] = now.toISOString().split("T") as [string, string];
  return `${date.replaceAll("-", "/")}/${time.slice(0, 2)}/${crypto.randomUUID()}`;
}
