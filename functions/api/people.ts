/** The people's bindings. */
import type { ShardNamespace } from "../../src/catalog/shards.ts";
import type { PeopleDependencies } from "../../src/http/dependencies.ts";
import type { LogBucket } from "../../src/people/event-log.ts";
import { People } from "../../src/people/people.ts";

export interface PeopleBindings {
  /** Durable Objects of the class `Person`. */
  readonly PEOPLE?: ShardNamespace;
  /** Bucket of the event logs. */
  readonly EVENTS?: LogBucket;
}

/** What is kept of people, where it is bound. */
export function peopleOf({ PEOPLE, EVENTS }: PeopleBindings): PeopleDependencies | undefined {
  return PEOPLE && EVENTS && { people: new People(PEOPLE), logs: EVENTS };
}
