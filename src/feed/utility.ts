/** What an action is worth: the one number that slates are ordered by. */
import { FEED_ACTIONS, type FeedAction } from "./actions.ts";

/** Expected worth of showing an item = Σ probability · utility of the action. The origin orders by the same. */
export const UTILITY: Readonly<Record<FeedAction, number>> = {
  click: 1,
  closeup: 1,
  save: 2,
  hide: -4,
  purchase: 3,
};

/** @param probabilities of `FEED_ACTIONS`, in that order */
export function utilityOf(probabilities: ArrayLike<number>): number {
  let utility = 0;
  for (const [at, action] of FEED_ACTIONS.entries()) utility += UTILITY[action] * probabilities[at]!;
  return utility;
}
