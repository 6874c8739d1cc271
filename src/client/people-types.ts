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
