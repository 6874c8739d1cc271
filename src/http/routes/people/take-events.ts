/** `POST /v1/events`: what people did. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../../context.ts";
import { EventBatch, EventsTaken } from "../../schemas/people.ts";
import { problems } from "../../schemas/problems.ts";
import { WRITE } from "../../schemas/security.ts";
import type { PeopleRouteOptions } from "./index.ts";

const route = createRoute({
  method: "post",
  path: "/v1/events",
  operationId: "takeEvents",
  tags: ["People"],
  security: WRITE,
  summary: "Record what people did",
  description:
    "Up to 500 events. When this has answered, they are on disk. An event counts once, however often it comes, and " +
    "may come late. One that is not well formed refuses them all; nothing was taken then.",
  request: { body: { content: { "application/json": { schema: EventBatch } }, required: true } },
  responses: {
    202: { description: "Taken.", content: { "application/json": { schema: EventsTaken } } },
    ...problems(400, 401, 403, 413, 429, 503),
  },
});

export function takeEvents(app: OpenAPIHono<AppEnv>, { people }: Pick<PeopleRouteOptions, "people">): void {
  app.openapi(route, async (c) => {
    const { events } = c.req.valid("json");
    const taken = await c.var.clock.time("store", () => people.record(events));
    c.header("cache-control", "no-store");
    return c.json(taken, 202);
  });
}
