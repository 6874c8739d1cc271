/** Shapes of `/v1/events` and `/v1/users`. */
import { z } from "@hono/zod-openapi";
import { Event, UserId } from "../../people/event.ts";
import { LogName } from "../../people/event-log.ts";
import { INTEREST_COVER, MAX_EVENTS } from "../../people/limits.ts";
import { CoverItem } from "./boards.ts";
import { Item } from "./items.ts";

export const UserParams = z.object({
  id: UserId.clone().openapi({ param: { name: "id", in: "path" }, example: "u-7f3a" }),
});

const EventSchema = Event.clone().openapi("Event", {
  example: {
    id: "e-000123",
    user: "u-7f3a",
    item: "chair-0042",
    action: "save",
    at: "2026-11-25T10:12:00Z",
    surface: "feed",
  },
});

export const EventBatch = z
  .strictObject({ events: z.array(EventSchema).min(1).max(MAX_EVENTS) })
  .openapi("EventBatch");

export const EventsTaken = z
  .object({
    accepted: z.int(),
    duplicates: z.int().openapi({ description: "Events that had been taken before." }),
  })
  .openapi("EventsTaken");

export const MAX_LOGS = 1_000;

export const LogQuery = z.object({
  after: LogName.optional().openapi({ description: "`next` of the page before." }),
  limit: z.coerce.number().pipe(z.int().min(1).max(MAX_LOGS)).default(MAX_LOGS).openapi({ type: "integer" }),
});

export const LogParams = z.object({
  name: LogName.clone().openapi({
    param: { name: "name", in: "path" },
    example: "2026/11/25/10/0b0f7c3e-7f0c-4a3b-9d0a-0f6f0c1d2e3f",
  }),
});

export const EventLogs = z
  .object({
    logs: z.array(
      z.object({
        name: z.string().openapi({ description: "Begins with the hour of writing; names sort by it." }),
        events: z.int(),
        first: z.iso.datetime().openapi({ description: "Time of the first event." }),
        last: z.iso.datetime(),
        bytes: z.int().openapi({ description: "Of the compressed file." }),
      }),
    ),
    next: z.string().optional().openapi({ description: "`after` of the next page; none after the last." }),
  })
  .openapi("EventLogs");

const erased = (description: string) => z.int().openapi({ description });

export const Forgotten = z
  .object({
    erased: z.object({
      actions: erased("Clicks, closeups, saves, hides and purchases."),
      shown: erased("Items that were shown."),
      hidden: erased("Items that were hidden."),
      known: erased("Ids by which an event that comes twice was known."),
      waiting: erased("Events that were in no log file yet."),
    }),
    logs: z.array(z.string()).openapi({
      description:
        "Log files that events of the person went to, the oldest first; they keep them. One that was never written, " +
        "or has been deleted since, may be among them.",
    }),
    unlistedUntil: z.string().optional().openapi({
      description: "Files of this hour and before may hold events too; their names are not kept.",
      example: "2026/11/25/10",
    }),
  })
  .openapi("Forgotten");

export const MAX_INTERESTS = 50;

export const InterestQuery = z.object({
  limit: z.coerce.number().pipe(z.int().min(1).max(MAX_INTERESTS)).default(10).openapi({ type: "integer" }),
});

export const Interests = z
  .object({
    interests: z.array(
      z.object({
        medoid: z.string().openapi({ description: "The item that stands for the interest." }),
        item: Item,
        items: z.array(z.string()).openapi({ description: "Items acted on, the latest first." }),
        cover: z.array(CoverItem).openapi({
          description: `The latest of the items that the catalogue has; up to ${INTEREST_COVER}.`,
        }),
        importance: z
          .number()
          .openapi({ description: "Share of all interests, 0 … 1; recent actions count more." }),
      }),
    ),
  })
  .openapi("Interests");
