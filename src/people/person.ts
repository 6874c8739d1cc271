/** One person: a Durable Object with their latest actions, and the events that the log does not have yet. */
import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState, Queue, SqlStorage } from "@cloudflare/workers-types";
import type { Space } from "../catalog/shard/protocol.ts";
import { migrate } from "../catalog/shard/schema.ts";
import type { Event, Liking, LoggedEvent } from "./event.ts";
import type { PersonMessage } from "./event-log.ts";
import { FeedMemory, type FeedState, type ServedImpression } from "./feed-memory.ts";
import { type InterestAnswer, InterestCache, type ItemVectors } from "./interest-cache.ts";
import { KEPT_ACTIONS, KEPT_IMPRESSIONS, MAX_WAITING_EVENTS, REMEMBERED_EVENTS } from "./limits.ts";
import { LogNames } from "./log-names.ts";
import { PERSON_MIGRATIONS } from "./schema.ts";

export interface PersonBindings {
  /** Where the object says that events wait for the log. */
  readonly EVENT_QUEUE?: Queue<PersonMessage>;
}

/** What became of some events. */
export type Recorded =
  | { readonly ok: true; readonly accepted: number; readonly duplicates: number }
  /** None was taken: too many wait for the log. */
  | { readonly ok: false; readonly waiting: number };

export interface RecentAction {
  readonly item: string;
  readonly action: Liking;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Events for the log, and what to confirm once they are in it. */
export interface Taken {
  readonly events: LoggedEvent[];
  readonly upTo: number;
  /** There are more. */
  readonly more: boolean;
}

/** What was kept of a person and is gone, and where more of them may be. */
export interface Forgotten {
  /** How many rows of each kind were removed. */
  readonly erased: Readonly<Record<Erased, number>>;
  /** Names of log files that their events went to. */
  readonly logs: readonly string[];
  /** Files of this hour and before may hold events too: `2026/11/25/10`. */
  readonly unlistedUntil?: string;
}

/** Actions, items that were shown, those that were hidden, ids of events, and events that are in no log file yet. */
const ERASED = ["actions", "shown", "hidden", "known", "waiting"] as const;
export type Erased = (typeof ERASED)[number];

/** After a start, events that wait are reported again after this time, in milliseconds. */
const ASK_AFTER_START = 1_000;

/** A message to the queue that brings nothing within this time is sent again, in milliseconds. */
const ASK_AGAIN_AFTER = 2 * 60_000;

/**
 * Every method that writes does so in one transaction, and its answer leaves the object only when the transaction is
 * on disk. Methods expect valid arguments: `People` checks what comes from outside.
 */
export class Person extends DurableObject<PersonBindings> {
  readonly #sql: SqlStorage;
  readonly #feed: FeedMemory;
  readonly #interests: InterestCache;
  readonly #logs: LogNames;

  constructor(ctx: DurableObjectState, env: PersonBindings) {
    super(ctx, env);
    migrate(ctx.storage, PERSON_MIGRATIONS);
    this.#sql = ctx.storage.sql;
    this.#feed = new FeedMemory(this.#sql);
    this.#interests = new InterestCache(this.#sql);
    this.#logs = new LogNames(this.#sql);
    // The process may have died with the message, or before it was sent.
    ctx.blockConcurrencyWhile(async () => {
      if (this.#waiting() > 0) await ctx.storage.setAlarm(Date.now() + ASK_AFTER_START);
    });
  }

  /** Takes events of this person; those that it has had before count no more. */
  async record(user: string, events: readonly Event[]): Promise<Recorded> {
    const before = this.#waiting();
    if (before + events.length > MAX_WAITING_EVENTS) return { ok: false, waiting: before };
    const receivedAt = new Date().toISOString();
    const accepted = this.ctx.storage.transactionSync(() => {
      this.#introduce(user);
      const fresh = events.filter((event) => this.#isNew(event));
      for (const event of fresh) this.#keep(event, receivedAt);
      this.#forgetOldest();
      if (fresh.some(({ action }) => action !== "impression")) this.#interests.clear();
      return fresh.length;
    });
    if (accepted > 0 && before === 0) await this.#askForLogging();
    return { ok: true, accepted, duplicates: events.length - accepted };
  }

  /** All that a feed is made from. */
  async feedState(): Promise<FeedState> {
    return this.#feed.read(Date.now());
  }

  /** Keeps and logs a slate that is about to be answered. Its events are new: their ids belong to the slate. */
  async serve(user: string, impressions: readonly ServedImpression[]): Promise<Recorded> {
    const before = this.#waiting();
    if (before + impressions.length > MAX_WAITING_EVENTS) return { ok: false, waiting: before };
    const at = new Date().toISOString();
    this.ctx.storage.transactionSync(() => {
      this.#introduce(user);
      for (const one of impressions) this.#keep({ ...one, user, action: "impression", at }, at);
      this.#forgetOldest();
    });
    if (impressions.length > 0 && before === 0) await this.#askForLogging();
    return { ok: true, accepted: impressions.length, duplicates: 0 };
  }

  /** Actions, the latest first; not those on items that were hidden afterwards. */
  async recent(limit: number = KEPT_ACTIONS): Promise<RecentAction[]> {
    const query = `
      SELECT item, action, at FROM actions AS one WHERE action <> 'hide' AND NOT EXISTS (
        SELECT * FROM actions AS other WHERE other.item = one.item AND other.action = 'hide' AND other.at >= one.at
      ) ORDER BY at DESC, id LIMIT ?`;
    return this.#sql
      .exec<{ item: string; action: RecentAction["action"]; at: number }>(query, limit)
      .toArray();
  }

  /**
   * Clusters of recent actions in a space. Without vectors it answers what is known, or whose vectors it takes to know.
   * @param again what is known does not count
   */
  async interests(space: Space, vectors?: ItemVectors, again = false): Promise<InterestAnswer> {
    const known = again || vectors ? undefined : this.#interests.get(space);
    if (known) return { known: true, interests: known };
    const recent = await this.recent();
    if (vectors) return { known: true, interests: this.#interests.make(space, recent, vectors) };
    if (recent.length === 0) return { known: true, interests: [] };
    return { known: false, wanted: [...new Set(recent.map(({ item }) => item))] };
  }

  /**
   * Events that wait for the log, the longest waiting first.
   * @param log the file that they are going to: noted before they leave, so that none is in a file not noted
   */
  async take(limit: number, log: string): Promise<Taken> {
    const query = "SELECT number, event FROM waiting ORDER BY number LIMIT ?";
    const rows = this.#sql.exec<{ number: number; event: string }>(query, limit + 1).toArray();
    const taken = rows.slice(0, limit);
    if (taken.length > 0) this.ctx.storage.transactionSync(() => this.#logs.add(log));
    return {
      events: taken.map(({ event }) => JSON.parse(event) as LoggedEvent),
      upTo: taken.at(-1)?.number ?? 0,
      more: rows.length > limit,
    };
  }

  /** The log has what was taken. */
  async confirm(upTo: number): Promise<void> {
    this.#sql.exec("DELETE FROM waiting WHERE number <= ?", upTo);
    if (this.#waiting() === 0) await this.ctx.storage.deleteAlarm();
  }

  /** Forgets the person: all that is here but the names of log files, which the same call again answers too. */
  async forget(): Promise<Forgotten> {
    await this.ctx.storage.deleteAlarm();
    return this.ctx.storage.transactionSync(() => {
      const erased = Object.fromEntries(ERASED.map((table) => [table, this.#count(table)]));
      for (const table of ["person", "interests", ...ERASED]) this.#sql.exec(`DELETE FROM ${table}`);
      return { erased: erased as Forgotten["erased"], ...this.#logs.list() };
    });
  }

  /** The message was lost, or its consumer. */
  override async alarm(): Promise<void> {
    if (this.#waiting() > 0) await this.#askForLogging();
  }

  /** The alarm is set first: should the queue not listen, it tries again. */
  async #askForLogging(): Promise<void> {
    const [row] = this.#sql.exec<{ user: string }>("SELECT user FROM person").toArray();
    if (!row) return;
    await this.ctx.storage.setAlarm(Date.now() + ASK_AGAIN_AFTER);
    const sent = this.env.EVENT_QUEUE?.send({ user: row.user });
    await sent?.catch((error: unknown) => console.warn("event queue:", error));
  }

  #introduce(user: string): void {
    this.#sql.exec("INSERT INTO person SELECT ? WHERE NOT EXISTS (SELECT * FROM person)", user);
  }

  /** Kept actions are known for longer than other events: of somebody who sees much and does little, for years. */
  #isNew({ id }: Event): boolean {
    const query = `
      INSERT INTO known (id) SELECT ?1 WHERE NOT EXISTS (SELECT * FROM actions WHERE id = ?1)
      ON CONFLICT DO NOTHING RETURNING number`;
    return this.#sql.exec(query, id).toArray().length > 0;
  }

  #keep(event: Omit<LoggedEvent, "receivedAt">, receivedAt: string): void {
    const logged: LoggedEvent = { ...event, receivedAt };
    this.#sql.exec("INSERT INTO waiting (event) VALUES (?)", JSON.stringify(logged));
    const at = Date.parse(event.at);
    if (event.action === "impression") {
      const query =
        "INSERT INTO shown VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET at = max(at, excluded.at)";
      this.#sql.exec(query, event.item, at);
    } else {
      const { id, item, action, surface = null, slate = null } = event;
      const query = "INSERT INTO actions (id, item, action, at, surface, slate) VALUES (?, ?, ?, ?, ?, ?)";
      this.#sql.exec(query, id, item, action, at, surface, slate);
      if (action === "hide") this.#feed.hide(item, at);
    }
  }

  #forgetOldest(): void {
    this.#sql.exec(
      "DELETE FROM actions WHERE id IN (SELECT id FROM actions ORDER BY at DESC, id LIMIT -1 OFFSET ?)",
      KEPT_ACTIONS,
    );
    this.#sql.exec(
      "DELETE FROM shown WHERE item IN (SELECT item FROM shown ORDER BY at DESC, item LIMIT -1 OFFSET ?)",
      KEPT_IMPRESSIONS,
    );
    this.#sql.exec(
      "DELETE FROM known WHERE number <= (SELECT max(number) FROM known) - ?",
      REMEMBERED_EVENTS,
    );
    this.#feed.forgetOldest();
  }

  #waiting(): number {
    return this.#count("waiting");
  }

  #count(table: Erased): number {
    return this.#sql.exec<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).one().count;
  }
}
