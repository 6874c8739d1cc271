/** What people do with an item of the feed, in the order in which every model of the feed has it. */

export const FEED_ACTIONS = ["click", "closeup", "save", "hide", "purchase"] as const;
export type FeedAction = (typeof FEED_ACTIONS)[number];
