/** What everybody does makes items popular, for people of whom nothing is known yet. */
import type { ActionCount } from "../catalog/shard/popularity-store.ts";
import { type EventAction, type LoggedEvent, WEIGHTS } from "../people/event.ts";

/** A hidden item loses what a save brings; impressions say nothing. */
const POPULARITY: Readonly<Record<EventAction, number>> = { ...WEIGHTS, impression: 0, hide: -2 };

/** What events of the log add to the popularity of their items. Those in the future count as of when they were taken. */
export function actionCountsOf(events: readonly LoggedEvent[]): ActionCount[] {
  return events.flatMap(({ item, action, at, receivedAt }) => {
    const weight = POPULARITY[action];
    return weight === 0 ? [] : { item, weight, at: Math.min(Date.parse(at), Date.parse(receivedAt)) };
  });
}
