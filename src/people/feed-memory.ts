/** What a person's object knows for their feed: what they did, were shown, and hid. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { Event, EventAction, Served } from "./event.ts";
import { KEPT_ACTIONS, KEPT_HIDDEN, KEPT_IMPRESSIONS } from "./limits.ts";

export interface KeptAction {
  readonly item: string;
  readonly action: Exclude<EventAction, "impression">;
  /** Milliseconds since 1970, by the clock of whoever sent it. */
  readonly at: number;
  readonly surface?: string | undefined;
  readonly slate?: string | undefined;
}

export interface ShownItem {
  readonly item: string;
  /** When it was shown last, in milliseconds since 1970. */
  readonly at: number;
}

/** All that a feed is made from. */
export interface FeedState {
  /** By the clock of the object, which keeps impressions by it too; in milliseconds since 1970. */
  readonly now: number;
  /** The latest first, at most KEPT_ACTIONS. */
  readonly actions: readonly KeptAction[];
  /** The longest ago first, at most KEPT_IMPRESSIONS. */
  readonly shown: readonly ShownItem[];
  /** Items that were ever hidden, at most the latest KEPT_HIDDEN. */
  readonly hidden: readonly string[];
}

/** An item of a slate that is about to be answered. */
export interface ServedImpression extends Omit<Event, "user" | "action" | "at"> {
  readonly served: Served;
}

export class FeedMemory {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  read(now: number): FeedState {
    const actions = this.#sql
      .exec<{
        item: string;
        action: KeptAction["action"];
        at: number;
        surface: string | null;
        slate: string | null;
      }>("SELECT item, action, at, surface, slate FROM actions ORDER BY at DESC, id LIMIT ?", KEPT_ACTIONS)
      .toArray()
      .map(({ surface, slate, ...one }) => ({
        ...one,
        ...(surface !== null && { surface }),
        ...(slate !== null && { slate }),
      }));
    const shown = this.#sql
      .exec<{ item: string; at: number }>(
        "SELECT item, at FROM shown ORDER BY at, item LIMIT ?",
        KEPT_IMPRESSIONS,
      )
      .toArray();
    const hidden = this.#sql
      .exec<{ item: string }>("SELECT item FROM hidden ORDER BY at DESC, item LIMIT ?", KEPT_HIDDEN)
      .toArray()
      .map(({ item }) => item);
    return { now, actions, shown, hidden };
  }

  /** The person hid an item. */
  hide(item: string, at: number): void {
    const query =
      "INSERT INTO hidden VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET at = max(at, excluded.at)";
    this.#sql.exec(query, item, at);
  }

  /** Once a request: it reads all that were hidden. */
  forgetOldest(): void {
    this.#sql.exec(
      "DELETE FROM hidden WHERE item IN (SELECT item FROM hidden ORDER BY at DESC, item LIMIT -1 OFFSET ?)",
      KEPT_HIDDEN,
    );
  }
}
