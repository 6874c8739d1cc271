/** Shapes of `/v1/users/{id}/feed`. */
import { z } from "@hono/zod-openapi";
import { MAX_CURSOR_LENGTH } from "../../catalog/cursor.ts";
import { FEED_PATHS } from "../../feed/candidate.ts";
import { DEFAULT_FEED_ITEMS, MAX_FEED_ITEMS } from "../../feed/limits.ts";
import { MAX_SURFACE_LENGTH } from "../../people/limits.ts";
import { Item } from "./items.ts";

export const FeedQuery = z.object({
  limit: z.coerce
    .number()
    .pipe(z.int().min(1).max(MAX_FEED_ITEMS))
    .default(DEFAULT_FEED_ITEMS)
    .openapi({ type: "integer" }),
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional().openapi({
    description: "`next` of the page before: goes on with that feed. Without it, a new feed begins.",
  }),
  surface: z.string().min(1).max(MAX_SURFACE_LENGTH).default("feed").openapi({
    description: "Where it is shown; stands in the impressions that are recorded.",
  }),
  explain: z
    .enum(["0", "1", "true", "false"])
    .default("0")
    .openapi({ description: "`1`: say how each item came about, and how the page did." }),
});

const Path = z.enum(FEED_PATHS).openapi("FeedPath", {
  description:
    "`origin`: the whole cascade on the GPU origin. `edge`: interests and a small model. `cold`: popular, new and " +
    "random items of many categories, without any model.",
});

const probability = z.number().optional();

const FeedScores = z
  .object({
    click: probability,
    closeup: probability,
    save: probability,
    hide: probability,
    purchase: probability,
    utility: z.number().optional().openapi({
      description:
        "What the path orders by. Where there are probabilities: click + closeup + 2 · save + 3 · purchase − 4 · hide.",
    }),
  })
  .openapi("FeedScores", {
    description: "Probabilities of what the person will do; missing where no model ranked.",
  });

const Why = z
  .object({
    path: Path,
    rank: z.int().openapi({ description: "Place on this page, from 1." }),
    interest: z
      .object({ medoid: z.string(), importance: z.number() })
      .optional()
      .openapi({ description: "The interest by which it was found, and its share of all." }),
    similarity: z.number().optional().openapi({ description: "Cosine to what it was found by." }),
    seenAt: z.iso.datetime().optional().openapi({
      description: "It was shown before, then for the last time: nothing new is left.",
    }),
  })
  .openapi("FeedWhy");

export const FeedPage = z
  .object({
    items: z.array(
      z.object({ id: z.string(), item: Item, scores: FeedScores.optional(), why: Why.optional() }),
    ),
    slate: z.string().openapi({ description: "Names this page: send it with events on its items." }),
    next: z.string().optional().openapi({ description: "`cursor` of the next page; none after the last." }),
    explain: z
      .object({
        path: Path,
        reason: z.string().optional().openapi({
          description:
            "Why the origin did not fill the page: the code of a problem, `no-origin`, `no-history` or `no-more`.",
        }),
        ranker: z.string().optional().openapi({ description: "Why no model ranked at the edge." }),
        breaker: z.enum(["closed", "open", "half-open"]).optional().openapi({
          description: "`open`: the origin has failed several times in a row and is left alone for a while.",
        }),
        candidates: z.int().openapi({ description: "Items that came into question." }),
        millis: z.record(z.string(), z.number()).openapi({ description: "What each step took." }),
      })
      .optional(),
  })
  .openapi("FeedPage");
