/** `GET /health/live` and `GET /health/ready`. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "../context.ts";
import type { Readiness } from "../readiness.ts";
import { problems } from "../schemas/problems.ts";

const Live = z.object({ status: z.literal("live") }).openapi("Live");
const Ready = z
  .object({
    status: z.literal("ready"),
    models: z.array(
      z.object({ id: z.string(), ms: z.number().openapi({ description: "Time of the probe." }) }),
    ),
  })
  .openapi("Ready");

const liveRoute = createRoute({
  method: "get",
  path: "/health/live",
  operationId: "getLiveness",
  tags: ["Operations"],
  summary: "Whether the function answers",
  responses: { 200: { description: "It does.", content: { "application/json": { schema: Live } } } },
});

const readyRoute = createRoute({
  method: "get",
  path: "/health/ready",
  operationId: "getReadiness",
  tags: ["Operations"],
  summary: "Whether pictures can be embedded",
  description: "Decodes a small built-in picture and embeds it with every model, through the model host.",
  responses: {
    200: {
      description: "A real embedding has succeeded.",
      content: { "application/json": { schema: Ready } },
    },
    ...problems(503),
  },
});

export function healthRoutes(app: OpenAPIHono<AppEnv>, readiness: Readiness): void {
  app.openapi(liveRoute, (c) => {
    c.header("cache-control", "no-store");
    return c.json({ status: "live" as const }, 200);
  });
  app.openapi(readyRoute, async (c) => {
    const models = await readiness.check(c.var.signal);
    c.header("cache-control", "no-store");
    return c.json({ status: "ready" as const, models: [...models] }, 200);
  });
}
