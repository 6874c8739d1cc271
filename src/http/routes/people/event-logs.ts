/** `GET /v1/event-logs` and `GET /v1/event-logs/{name}`: what everybody did, for who trains models on it. */
import { createRoute, type OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import { LogName, listLogs, readLog } from "../../../people/event-log.ts";
import { Problem } from "../../../problem.ts";
import type { AppEnv } from "../../context.ts";
import { EventLogs, LogParams, LogQuery } from "../../schemas/people.ts";
import { problems } from "../../schemas/problems.ts";
import { ADMIN } from "../../schemas/security.ts";
import { parsed } from "../../validation.ts";
import type { PeopleRouteOptions } from "./index.ts";

export class LogNotFoundError extends Problem {
  constructor(name: string) {
    super({
      status: 404,
      code: "log-not-found",
      title: "There is no such log",
      detail: `There is no log ${name}.`,
      hint: "`GET /v1/event-logs` lists those that there are.",
    });
  }
}

const ROOT = "/v1/event-logs";
const common = { tags: ["People"], security: ADMIN };

const listRoute = createRoute({
  ...common,
  method: "get",
  path: ROOT,
  operationId: "listEventLogs",
  summary: "Files of the event log",
  request: { query: LogQuery },
  responses: {
    200: {
      description: "In the order in which they were written, hour by hour.",
      content: { "application/json": { schema: EventLogs } },
    },
    ...problems(400, 401, 403, 429),
  },
});

const readRoute: RouteConfig = {
  ...common,
  method: "get",
  path: `${ROOT}/{name}`,
  operationId: "readEventLog",
  summary: "One file of the event log",
  description: "Gzipped lines of JSON. An event may be in two files: drop the second by its `id`.",
  request: { params: LogParams },
  responses: {
    200: { description: "The file, as `application/gzip`." },
    ...problems(400, 401, 403, 404, 429),
  },
};

export function eventLogs(app: OpenAPIHono<AppEnv>, { logs }: Pick<PeopleRouteOptions, "logs">): void {
  app.openapi(listRoute, async (c) => {
    const { after, limit } = c.req.valid("query");
    c.header("cache-control", "no-store");
    return c.json(await listLogs(logs, after, limit), 200);
  });
  // A name has slashes, which parameters of the router's document cannot have.
  app.openAPIRegistry.registerPath(readRoute);
  app.get(`${ROOT}/:name{.+}`, async (c) => {
    const name = parsed(LogName, c.req.param("name"), "name");
    const body = await readLog(logs, name);
    if (!body) throw new LogNotFoundError(name);
    return c.body(body, 200, { "content-type": "application/gzip", "cache-control": "no-store" });
  });
}
