/** `GET /metrics`: what this isolate has counted, for Prometheus. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "../context.ts";
import type { Metrics } from "../metrics.ts";

const TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

const route = createRoute({
  method: "get",
  path: "/metrics",
  operationId: "getMetrics",
  tags: ["Operations"],
  summary: "Counters for Prometheus",
  description:
    "Requests, latencies, cache outcomes and inferences of the isolate that answers. Cloudflare runs many " +
    "isolates, each with counters of its own that begin at 0: use them in development and when self-hosting, " +
    "and the structured logs for a whole deployment.",
  responses: {
    200: { description: "Prometheus text format 0.0.4.", content: { "text/plain": { schema: z.string() } } },
  },
});

export function metricsRoute(app: OpenAPIHono<AppEnv>, metrics: Metrics): void {
  app.openapi(route, (c) =>
    c.text(metrics.text(), 200, { "content-type": TEXT_FORMAT, "cache-control": "no-store" }),
  );
}
