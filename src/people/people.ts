/** People as the API sees them; a Durable Object for each is behind it. */
import type { ShardNamespace } from "../catalog/shards.ts";
import { EventsWaitingError, PersonUnavailableError } from "./errors.ts";
import type { Event } from "./event.ts";
import type { FeedState, ServedImpression } from "./feed-memory.ts";
import type { Person, RecentAction, Taken } from "./person.ts";

/** A person's methods, called from another isolate. */
export type PersonStub = Pick<
  Person,
  "record" | "recent" | "feedState" | "serve" | "take" | "confirm" | "forget"
>;

export interface Counted {
  readonly accepted: number;
  readonly duplicates: number;
}

export class People {
  readonly #namespace: ShardNamespace;

  /** @param namespace of the Durable Object class `Person` */
  constructor(namespace: ShardNamespace) {
    this.#namespace = namespace;
  }

  /**
   * Takes events, each person's together or not at all. When this has answered, they are on disk. The same event again
   * counts no more.
   * @throws {EventsWaitingError} {PersonUnavailableError}
   */
  async record(events: readonly Event[]): Promise<Counted> {
    const byUser = new Map<string, Event[]>();
    for (const event of events) {
      const own = byUser.get(event.user);
      if (own) own.push(event);
      else byUser.set(event.user, [event]);
    }
    const outcomes = await Promise.all(
      [...byUser].map(async ([user, own]) => {
        const outcome = await this.#of(user, (person) => person.record(user, own));
        if (!outcome.ok) throw new EventsWaitingError(user, outcome.waiting);
        return outcome;
      }),
    );
    const sum = (of: (outcome: Counted) => number) => outcomes.reduce((total, one) => total + of(one), 0);
    return { accepted: sum(({ accepted }) => accepted), duplicates: sum(({ duplicates }) => duplicates) };
  }

  /** What somebody did lately, the latest first. @throws {PersonUnavailableError} */
  recent(user: string, limit?: number): Promise<RecentAction[]> {
    return this.#of(user, (person) => person.recent(limit));
  }

  /** All that somebody's feed is made from. @throws {PersonUnavailableError} */
  feedState(user: string): Promise<FeedState> {
    return this.#of(user, (person) => person.feedState());
  }

  /**
   * Records a slate that is about to be answered: when this has answered, it is on disk.
   * @throws {EventsWaitingError} {PersonUnavailableError}
   */
  async serve(user: string, impressions: readonly ServedImpression[]): Promise<void> {
    const outcome = await this.#of(user, (person) => person.serve(user, impressions));
    if (!outcome.ok) throw new EventsWaitingError(user, outcome.waiting);
  }

  /** Events for the log. @throws {PersonUnavailableError} */
  take(user: string, limit: number): Promise<Taken> {
    return this.#of(user, (person) => person.take(limit));
  }

  /** The log has them. @throws {PersonUnavailableError} */
  confirm(user: string, upTo: number): Promise<void> {
    return this.#of(user, (person) => person.confirm(upTo));
  }

  /** Forgets what the person's object keeps; logs stay. @throws {PersonUnavailableError} */
  forget(user: string): Promise<void> {
    return this.#of(user, (person) => person.forget());
  }

  async #of<Result>(user: string, call: (person: PersonStub) => Promise<Result>): Promise<Result> {
    const stub = this.#namespace.get(this.#namespace.idFromName(user)) as PersonStub;
    return call(stub).catch((error) => {
      throw new PersonUnavailableError(user, error);
    });
  }
}
