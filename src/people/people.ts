/** People as the API sees them; a Durable Object for each is behind it. */
import type { Space } from "../catalog/shard/protocol.ts";
import type { ShardNamespace } from "../catalog/shards.ts";
import { EventsWaitingError, PersonUnavailableError } from "./errors.ts";
import type { Event } from "./event.ts";
import type { FeedState, ServedImpression } from "./feed-memory.ts";
import type { InterestAnswer, ItemVectors } from "./interest-cache.ts";
import type { Forgotten, Person, RecentAction, Taken } from "./person.ts";

/** A person's methods, called from another isolate. */
export type PersonStub = Pick<
  Person,
  "record" | "recent" | "interests" | "feedState" | "serve" | "take" | "confirm" | "forget"
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
        if (!outcome.ok) throw new EventsWaitingError(outcome.waiting);
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

  /** See {@link Person.interests}. @throws {PersonUnavailableError} */
  interests(user: string, space: Space, vectors?: ItemVectors, again?: boolean): Promise<InterestAnswer> {
    return this.#of(user, (person) => person.interests(space, vectors, again));
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
    if (!outcome.ok) throw new EventsWaitingError(outcome.waiting);
  }

  /** Events for a log file. @throws {PersonUnavailableError} */
  take(user: string, limit: number, log: string): Promise<Taken> {
    return this.#of(user, (person) => person.take(limit, log));
  }

  /** The log has them. @throws {PersonUnavailableError} */
  confirm(user: string, upTo: number): Promise<void> {
    return this.#of(user, (person) => person.confirm(upTo));
  }

  /** Forgets what the person's object keeps; log files stay. @throws {PersonUnavailableError} */
  forget(user: string): Promise<Forgotten> {
    return this.#of(user, (person) => person.forget());
  }

  async #of<Result>(user: string, call: (person: PersonStub) => Promise<Result>): Promise<Result> {
    const stub = this.#namespace.get(this.#namespace.idFromName(user)) as PersonStub;
    return call(stub).catch((error) => {
      throw new PersonUnavailableError(error);
    });
  }
}
