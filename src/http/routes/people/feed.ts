/** `GET /v1/users/{id}/feed`: what somebody is to see next. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Feed, Slate } from "../../../feed/feed.ts";
import { itemDocument } from "../../catalog/item-document.ts";
import type { AppEnv } from "../../context.ts";
import type { Metrics } from "../../metrics.ts";
import { MethodNotAllowedError } from "../../problem-response.ts";
import { FeedPage, FeedQuery } from "../../schemas/feed.ts";
import { UserParams } from "../../schemas/people.ts";
import { problems } from "../../schemas/problems.ts";
import { KEY } from "../../schemas/security.ts";

/** Says which path an answer took. */
export const PATH_HEADER = "x-corkboard-path";

const route = createRoute({
  method: "get",
  path: "/v1/users/{id}/feed",
  operationId: "getFeed",
  tags: ["People"],
  security: KEY,
  summary: "What somebody is to see next",
  description:
    "A page of items that they have neither seen nor acted on, ranked by what they did. It is recorded as shown. Pages " +
    "that `next` leads to repeat nothing; items shown in earlier feeds come only when nothing new is left, those of the " +
    "longest ago; hidden ones never. `x-corkboard-path` says where most of the page comes from. Always takes a key, also " +
    "where reading is public.",
  request: { params: UserParams, query: FeedQuery },
  responses: {
    200: {
      description:
        "Best first. Everybody has a feed; that of people of whom nothing is known is the cold one.",
      content: { "application/json": { schema: FeedPage } },
    },
    ...problems(400, 401, 403, 429, 503),
  },
});

export interface FeedRouteOptions {
  readonly feed: Feed;
  readonly metrics: Metrics;
}

export function feedRoute(app: OpenAPIHono<AppEnv>, { feed, metrics }: FeedRouteOptions): void {
  app.openapi(route, async (c) => {
    // Hono answers HEAD by GET without its body: a page that nobody sees would count as shown.
    if (c.req.method === "HEAD") throw new MethodNotAllowedError("HEAD", c.req.path, ["GET"]);
    const { id: user } = c.req.valid("param");
    const { explain, ...query } = c.req.valid("query");
    const slate = await c.var.clock.time("search", () => feed.slate({ user, ...query }));
    metrics.feeds.add({ path: slate.path, reason: slate.report.reason ?? "" });
    c.header("cache-control", "no-store");
    c.header(PATH_HEADER, slate.path);
    return c.json(pageOf(slate, explain === "1" || explain === "true"), 200);
  });
}

function pageOf({ items, slate, next, path, report }: Slate, explained: boolean) {
  return {
    items: items.map(({ id, item, scores, ...one }, at) => ({
      id,
      item: itemDocument(item),
      ...(scores && { scores }),
      ...(explained && {
        why: {
          path: one.path,
          rank: at + 1,
          ...(one.interest && { interest: one.interest }),
          ...(one.similarity !== undefined && { similarity: one.similarity }),
          ...(one.shownAt !== undefined && { seenAt: new Date(one.shownAt).toISOString() }),
        },
      }),
    })),
    slate,
    ...(next !== undefined && { next }),
    ...(explained && { explain: { path, ...report, millis: { ...report.millis } } }),
  };
}
