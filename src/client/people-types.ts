/** Shapes of events and interests. */
import type { Item } from "./types.ts";

export interface Event {
  /** The same again is the same event. */
  id: string;
  /** Best a pseudonym. */
  user: string;
  item: string;
  action: "impression" | "click" | "closeup" | "save" | "hide" | "purchase";
  /** ISO 8601; may be late. */
  at: string;
  /** Where: `feed`, `search`, … */
  surface?: string | undefined;
  /** Which list of items it was shown in. */
  slate?: string | undefined;
}

export interface LoggedEvent extends Event {
  /** When it was taken, ISO 8601, UTC. */
  receivedAt: string;
  /** Of impressions that the feed recorded itself: how the item came into the slate. */
  served?: { path: FeedPath; position: number; scores?: FeedScores; model?: string };
}

/** `origin`: the cascade on the GPU origin. `edge`: interests and a small model. `cold`: no model. */
export type FeedPath = "origin" | "edge" | "cold";

export interface FeedOptions {
  /** 1 … 50. @default 20 */
  limit?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  /** Where it is shown. @default "feed" */
  surface?: string | undefined;
  /** Say how each item came about. @default false */
  explain?: boolean | undefined;
}

/** Probabilities of what the person will do, where a model said them; `utility` is what the slate is ordered by. */
export interface FeedScores {
  click?: number | undefined;
  closeup?: number | undefined;
  save?: number | undefined;
  hide?: number | undefined;
  purchase?: number | undefined;
  utility?: number | undefined;
}

export interface FeedItem {
  id: string;
  item: Item;
  /** None on the cold path. */
  scores?: FeedScores | undefined;
  /** With `explain`. */
  why?: FeedWhy | undefined;
}

export interface FeedWhy {
  path: FeedPath;
  /** Place on the page, from 1. */
  rank: number;
  /** The interest by which it was found, and its share of all. */
  interest?: { medoid: string; importance: number } | undefined;
  /** Cosine to what it was found by. */
  similarity?: number | undefined;
  /** When it was shown last: nothing new is left. ISO 8601, UTC. */
  seenAt?: string | undefined;
}

export interface FeedExplanation {
  path: FeedPath;
  /** Why the origin did not fill the page: a problem's code, `no-origin`, `no-history` or `no-more`. */
  reason?: string | undefined;
  /** Why no model ranked at the edge. */
  ranker?: string | undefined;
  breaker?: "closed" | "open" | "half-open" | undefined;
  candidates: number;
  millis: Record<string, number>;
}

export interface FeedPage {
  items: FeedItem[];
  /** Names this page: send it with events on its items. */
  slate: string;
  /** `cursor` of the next page; none after the last. */
  next?: string | undefined;
  explain?: FeedExplanation | undefined;
}

/** A file of the event log. */
export interface EventLog {
  name: string;
  events: number;
  /** Times of its first and its last event. */
  first: string;
  last: string;
  /** Of the compressed file. */
  bytes: number;
}

export interface EventsTaken {
  accepted: number;
  /** Events that had been taken before. */
  duplicates: number;
}

/** What was kept of somebody and is gone, and where more is. */
export interface Forgotten {
  erased: {
    /** Clicks, closeups, saves, hides and purchases. */
    actions: number;
    /** Items that were shown. */
    shown: number;
    /** Items that were hidden. */
    hidden: number;
    /** Ids by which an event that comes twice was known. */
    known: number;
    /** Events that were in no log file yet. */
    waiting: number;
  };
  /** Log files that their events went to, the oldest first; they keep them. */
  logs: string[];
  /** Files of this hour and before, such as `2026/11/25/10`, may hold events too; their names are not kept. */
  unlistedUntil?: string;
}

export interface Interest {
  /** The item that stands for it. */
  medoid: string;
  item: Item;
  /** Items acted on, the latest first. */
  items: string[];
  /** The latest six of them that the catalogue has, to show their pictures. */
  cover: { id: string; title?: string | undefined; href?: string | undefined }[];
  /** Share of all interests, 0 … 1. */
  importance: number;
}
