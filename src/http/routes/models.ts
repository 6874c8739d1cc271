/** `GET /v1/models` and `GET /v1/models/{model}`: what can be asked, as OpenAI's clients list it. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { AppEnv } from "../context.ts";
import { BARE_NAME_MAX_AGE_SECONDS } from "../limits.ts";
import type { ModelRegistry } from "../model-registry.ts";
import { ModelName } from "../schemas/embeddings.ts";
import { Model, ModelList, modelOf } from "../schemas/models.ts";
import { problems } from "../schemas/problems.ts";

const listRoute = createRoute({
  method: "get",
  path: "/v1/models",
  operationId: "listModels",
  tags: ["Models"],
  summary: "All models",
  responses: {
    200: { description: "Every model here.", content: { "application/json": { schema: ModelList } } },
  },
});

const modelRoute = createRoute({
  method: "get",
  path: "/v1/models/{model}",
  operationId: "getModel",
  tags: ["Models"],
  summary: "One model",
  request: { params: z.object({ model: ModelName.openapi({ param: { name: "model", in: "path" } }) }) },
  responses: {
    200: { description: "The model.", content: { "application/json": { schema: Model } } },
    ...problems(404),
  },
});

const CACHE_CONTROL = `public, max-age=${BARE_NAME_MAX_AGE_SECONDS}`;

export function modelRoutes(app: OpenAPIHono<AppEnv>, models: ModelRegistry): void {
  app.openapi(listRoute, (c) => {
    c.header("cache-control", CACHE_CONTROL);
    return c.json({ object: "list" as const, data: models.list().map(modelOf) }, 200);
  });
  app.openapi(modelRoute, (c) => {
    const manifest = models.find(c.req.valid("param").model);
    c.header("cache-control", CACHE_CONTROL);
    return c.json(modelOf(manifest), 200);
  });
}
