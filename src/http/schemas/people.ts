/** Shapes of `/v1/events` and `/v1/users`. */
import { z } from "@hono/zod-openapi";
import { Event, UserId } from "../../people/event.ts";
import { MAX_EVENTS } from "../../people/limits.ts";
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
        importance: z
          .number()
          .openapi({ description: "Share of all interests, 0 … 1; recent actions count more." }),
      }),
    ),
  })
  .openapi("Interests");
