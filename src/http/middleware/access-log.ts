/** One line of JSON for each request, and its metrics. */
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { AppEnv } from "../context.ts";
import type { Metrics } from "../metrics.ts";

/** Takes one record of the log. */
export type Log = (record: Readonly<Record<string, unknown>>) => void;

/** To standard output, where Workers Logs and `wrangler tail` read. */
export const consoleLog: Log = (record) => console.log(JSON.stringify(record));

/**
 * Logs method, route pattern (never the query), status, time and the facts that the route collected.
 * Also counts the request.
 */
export function accessLog(log: Log, metrics: Metrics): MiddlewareHandler<AppEnv> {
  return async function accessLog(c, next) {
    const started = metrics.requestStarted();
    const start = performance.now();
    c.set("facts", {});
    await next();
    const millis = performance.now() - start;
    const { status } = c.res;
    const route = matchedRoute(routePath(c, -1));
    metrics.requestEnded(started, { route, method: c.req.method, status }, millis / 1000);
    log({
      level: status >= 500 ? "error" : "info",
      event: "request",
      requestId: c.var.requestId,
      method: c.req.method,
      route,
      status,
      ms: Math.round(millis * 10) / 10,
      ...c.var.facts,
    });
  };
}

/** Middleware matches everything; a path that no route matches is counted as none. */
function matchedRoute(pattern: string): string {
  return pattern === "*" || pattern === "/*" || pattern === "" ? "none" : pattern;
}
