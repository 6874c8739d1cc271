/** What somebody did, as the two kinds of paths read it. */
import type { KeptAction } from "../people/feed-memory.ts";
import { FEED_ACTIONS, type FeedAction } from "./actions.ts";
import { MOMENT_MS } from "./limits.ts";

/** An item and all that was done with it in one slate, or at one moment: a token of the sequence model. */
export interface HistoryToken {
  readonly item: string;
  /** One entry for each of `FEED_ACTIONS`, 0 or 1. */
  readonly actions: Uint8Array;
  /** Of its latest action, in milliseconds since 1970. */
  readonly at: number;
  /** Of its latest action that names one; empty: unknown. */
  readonly surface: string;
}

/**
 * The latest `limit` tokens, oldest first. Actions in the future, by the clock of whoever sent them, count as of now;
 * those before 1970 as of then, since the origin refuses a history with earlier times.
 * @param actions the latest first
 * @param now in milliseconds since 1970
 */
export function tokensOf(actions: readonly KeptAction[], now: number, limit: number): HistoryToken[] {
  const tokens: { -readonly [Key in keyof HistoryToken]: HistoryToken[Key] }[] = [];
  // Of each item and slate the token that earlier actions may still join.
  const open = new Map<string, (typeof tokens)[number]>();
  for (const { item, action, at: then, surface, slate } of actions) {
    const at = Math.max(0, Math.min(then, now));
    const key = JSON.stringify([item, slate]);
    const joined = open.get(key);
    if (joined && (slate !== undefined || joined.at - at <= MOMENT_MS)) {
      joined.actions[FEED_ACTIONS.indexOf(action)] = 1;
      joined.surface ||= surface ?? "";
      continue;
    }
    const multiHot = new Uint8Array(FEED_ACTIONS.length);
    multiHot[FEED_ACTIONS.indexOf(action)] = 1;
    const token = { item, actions: multiHot, at, surface: surface ?? "" };
    open.set(key, token);
    tokens.push(token);
  }
  return tokens.slice(0, limit).reverse();
}

export interface LikedAction extends KeptAction {
  readonly action: Exclude<FeedAction, "hide">;
}

/**
 * Actions that say that somebody likes the item, the latest first: none on items that were hidden at that moment or
 * later.
 */
export function likedActions(actions: readonly KeptAction[]): LikedAction[] {
  const hiddenAt = new Map<string, number>();
  for (const { item, action, at } of actions) {
    if (action === "hide") hiddenAt.set(item, Math.max(at, hiddenAt.get(item) ?? at));
  }
  return actions.filter(
    (one): one is LikedAction => one.action !== "hide" && one.at > (hiddenAt.get(one.item) ?? -Infinity),
  );
}
