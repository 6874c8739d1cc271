/** What people did: events as they are sent, kept and logged. */
import { z } from "zod";
import { ItemId } from "../catalog/item.ts";
import { MAX_AHEAD_MS, MAX_EVENT_ID_LENGTH, MAX_SURFACE_LENGTH, MAX_USER_LENGTH } from "./limits.ts";

/** Names go into addresses and file names of exports. */
const NAME = /^[\w.:~@-]+$/;

/** Who is called so has no address: `/v1/users/..` is another, so that nobody could have them forgotten. */
const NO_ADDRESS = /^\.{1,2}$/;

export const UserId = z
  .string()
  .min(1)
  .max(MAX_USER_LENGTH)
  .regex(NAME, "letters, digits and . _ : ~ @ -")
  .refine((name) => !NO_ADDRESS.test(name), "not . or ..")
  .describe("Identifies a person; best a pseudonym.");

export const ACTIONS = ["impression", "click", "closeup", "save", "hide", "purchase"] as const;
export const EventAction = z.enum(ACTIONS);
export type EventAction = z.infer<typeof EventAction>;

export const Event = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(MAX_EVENT_ID_LENGTH)
    .regex(NAME, "letters, digits and . _ : ~ @ -")
    .describe("The same again is the same event."),
  user: UserId,
  item: ItemId,
  action: EventAction,
  at: z.iso
    .datetime({ offset: true })
    .refine((at) => Date.parse(at) <= Date.now() + MAX_AHEAD_MS, "lies in the future")
    .describe("When it happened; it may come late."),
  surface: z.string().min(1).max(MAX_SURFACE_LENGTH).optional().describe("Where: `feed`, `search`, …"),
  slate: z
    .string()
    .min(1)
    .max(MAX_EVENT_ID_LENGTH)
    .optional()
    .describe("Which list of items it was shown in."),
});
export type Event = z.infer<typeof Event>;

/** How an item came into a slate that the feed answered. Only the feed itself says it: events that are sent cannot. */
export interface Served {
  /** Of this item: `origin`, `edge` or `cold`. */
  readonly path: "origin" | "edge" | "cold";
  /** Place in the slate, from 0. */
  readonly position: number;
  /** Probabilities of actions, where a model said them, and what the slate was ordered by. */
  readonly scores?: Readonly<Partial<Record<Exclude<EventAction, "impression"> | "utility", number>>>;
  /** `name@revision` of the model that said the probabilities. */
  readonly model?: string;
}

/** An event in a log. */
export interface LoggedEvent extends Event {
  /** When it was taken, ISO 8601, UTC. */
  readonly receivedAt: string;
  /** Of impressions that the feed recorded itself. */
  readonly served?: Served;
}

/** Actions that say that somebody likes something. */
export type Liking = Exclude<EventAction, "impression" | "hide">;

/** What an action says of a person's interest in the item, beside that of a click. */
export const WEIGHTS: Readonly<Record<Liking, number>> = {
  click: 1,
  closeup: 1,
  save: 2,
  purchase: 3,
};
