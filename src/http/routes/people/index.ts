/** All routes about people and what they did. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Catalog } from "../../../catalog/catalog.ts";
import type { LogBucket } from "../../../people/event-log.ts";
import type { People } from "../../../people/people.ts";
import type { AppEnv } from "../../context.ts";
import { eventLogs } from "./event-logs.ts";
import { type FeedRouteOptions, feedRoute } from "./feed.ts";
import { takeEvents } from "./take-events.ts";
import { users } from "./users.ts";

export interface PeopleRouteOptions extends FeedRouteOptions {
  readonly people: People;
  /** Of the event logs. */
  readonly logs: LogBucket;
  readonly catalog: Catalog;
}

export function peopleRoutes(app: OpenAPIHono<AppEnv>, options: PeopleRouteOptions): void {
  takeEvents(app, options);
  users(app, options);
  feedRoute(app, options);
  eventLogs(app, options);
}
