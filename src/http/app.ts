/** The HTTP API: middleware and routes, made from what a deployment provides. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { version } from "../../package.json";
import { accessOf } from "./auth/access.ts";
import type { AppEnv } from "./context.ts";
import type { AppDependencies } from "./dependencies.ts";
import { feedOf } from "./feed-service.ts";
import * as limits from "./limits.ts";
import { accessLog } from "./middleware/access-log.ts";
import { authorize } from "./middleware/authorize.ts";
import { bodyAdmission } from "./middleware/body-admission.ts";
import { deadline } from "./middleware/deadline.ts";
import { serverTiming } from "./middleware/server-timing.ts";
import { type Parts, partsOf } from "./parts.ts";
import { MethodNotAllowedError, notFound, onError, problemResponse } from "./problem-response.ts";
import { Readiness } from "./readiness.ts";
import { boardRoutes } from "./routes/boards/index.ts";
import { catalogRoutes } from "./routes/catalog/index.ts";
import { createEmbeddings } from "./routes/create-embeddings.ts";
import { healthRoutes } from "./routes/health.ts";
import { keyRoutes } from "./routes/keys.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { modelRoutes } from "./routes/models.ts";
import { openApiRoute } from "./routes/openapi.ts";
import { peopleRoutes } from "./routes/people/index.ts";
import { readEmbedding } from "./routes/read-embedding.ts";
import { sceneRoutes } from "./routes/scenes/index.ts";
import { registerSecuritySchemes } from "./schemas/security.ts";
import { validationHook } from "./validation.ts";

/** Headers that pages of other origins may read. */
const EXPOSED_HEADERS = [
  "allow",
  "content-location",
  "etag",
  "link",
  "location",
  "retry-after",
  "server-timing",
  "x-corkboard-cache",
  "x-corkboard-path",
  "x-request-id",
];

/**
 * Makes the API. One app serves an isolate: its gates, flights and counters are shared by all requests.
 *
 * @example
 * ```ts
 * const app = createApp({ models, inference: new InferenceClient({ baseUrl: "http://127.0.0.1:8001" }) });
 * const response = await app.request("/v1/models");
 * ```
 *
 * @param parts what the app shares with queue consumers of its isolate
 */
export function createApp(
  dependencies: AppDependencies,
  parts: Parts = partsOf(dependencies),
): OpenAPIHono<AppEnv> {
  const { metrics, models, service, texts, scenes, completions, cacheFor, bodies, log } = parts;
  const access = accessOf(dependencies.access, log);

  const app = new OpenAPIHono<AppEnv>({ defaultHook: validationHook });
  app.onError(onError);
  app.notFound(notFound);
  app.use(requestId({ limitLength: 128 }));
  app.use(accessLog(log, metrics));
  app.use(serverTiming);
  app.use(
    secureHeaders({
      crossOriginResourcePolicy: "cross-origin",
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    }),
  );
  app.use(
    cors({ origin: corsOrigin(dependencies.corsOrigins), exposeHeaders: EXPOSED_HEADERS, maxAge: 86_400 }),
  );
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, allowed) =>
        problemResponse(new MethodNotAllowedError(c.req.method, c.req.path, allowed), c.get("requestId")),
    }),
  );
  app.use(deadline(dependencies.deadline ?? limits.REQUEST_DEADLINE));
  app.use("/v1/*", authorize(access));
  app.use("/v1/*", bodyAdmission(bodies));

  createEmbeddings(app, { service, texts, models });
  readEmbedding(app, { models, cacheFor });
  modelRoutes(app, models);
  if (dependencies.catalog) {
    const { publicRead } = access;
    catalogRoutes(app, { ...dependencies.catalog, service, texts, models, bodies, log, publicRead });
    const { boards } = dependencies;
    const { people } = dependencies;
    const { catalog } = dependencies.catalog;
    if (people) {
      const feed = feedOf(dependencies, { people: people.people, catalog, log });
      peopleRoutes(app, { ...people, catalog, feed, metrics });
    }
    if (boards) boardRoutes(app, { boards, catalog: dependencies.catalog.catalog, metrics });
  }
  sceneRoutes(app, { scenes, completions, catalog: dependencies.catalog?.catalog });
  if (access.keys) keyRoutes(app, access.keys);
  healthRoutes(app, new Readiness(models, dependencies.inference));
  metricsRoute(app, metrics);
  registerSecuritySchemes(app);
  openApiRoute(app, version);
  return app;
}

function corsOrigin(origins: readonly string[] = ["*"]): string | string[] {
  return origins.includes("*") ? "*" : [...origins];
}
