/** The HTTP API: middleware and routes, made from what a deployment provides. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { version } from "../../package.json";
import type { Embedding } from "../vision/unified-embedding.ts";
import { bucketLayer } from "./cache/bucket-layer.ts";
import { edgeLayer } from "./cache/edge-layer.ts";
import { EmbeddingCache, type LayerFailure } from "./cache/embedding-cache.ts";
import type { AppEnv } from "./context.ts";
import type { AppDependencies } from "./dependencies.ts";
import { EmbeddingService } from "./embedding-service.ts";
import { Gate } from "./gate.ts";
import * as limits from "./limits.ts";
import { Metrics } from "./metrics.ts";
import { accessLog, consoleLog } from "./middleware/access-log.ts";
import { bodyAdmission } from "./middleware/body-admission.ts";
import { deadline } from "./middleware/deadline.ts";
import { serverTiming } from "./middleware/server-timing.ts";
import { ModelRegistry } from "./model-registry.ts";
import { PicturePipeline } from "./picture-pipeline.ts";
import { MethodNotAllowedError, notFound, onError, problemResponse } from "./problem-response.ts";
import { Readiness } from "./readiness.ts";
import { redact } from "./redact.ts";
import { createEmbeddings } from "./routes/create-embeddings.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { modelRoutes } from "./routes/models.ts";
import { openApiRoute } from "./routes/openapi.ts";
import { readEmbedding } from "./routes/read-embedding.ts";
import { SingleFlight } from "./single-flight.ts";
import { validationHook } from "./validation.ts";

/** Headers that pages of other origins may read. */
const EXPOSED_HEADERS = [
  "allow",
  "content-location",
  "etag",
  "link",
  "retry-after",
  "server-timing",
  "x-corkboard-cache",
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
 */
export function createApp(dependencies: AppDependencies): OpenAPIHono<AppEnv> {
  const { inference, log = consoleLog } = dependencies;
  const metrics = new Metrics();
  const models = new ModelRegistry(dependencies.models);
  const cacheFor = cacheFactory(dependencies, metrics);
  const service = new EmbeddingService({ inference, cacheFor, metrics, pipeline: pipelineFor(dependencies) });
  const bodies = new Gate({
    what: "request bodies",
    capacity: limits.MAX_BODY_BYTES_IN_FLIGHT,
    waiting: limits.MAX_WAITING_BODIES,
    patience: limits.BODY_PATIENCE,
    lease: limits.ABANDONED_AFTER,
  });

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
  app.use("/v1/*", bodyAdmission(bodies));

  createEmbeddings(app, { service, models });
  readEmbedding(app, { models, cacheFor });
  modelRoutes(app, models);
  healthRoutes(app, new Readiness(models, inference));
  metricsRoute(app, metrics);
  openApiRoute(app, version);
  return app;
}

function pipelineFor({ addresses = {} }: AppDependencies): PicturePipeline {
  return new PicturePipeline({
    addresses,
    flights: new SingleFlight<Embedding>({ capacity: limits.MAX_FLIGHTS, patience: limits.FLIGHT_PATIENCE }),
    decodes: new Gate({
      what: "pictures",
      capacity: limits.DECODES_AT_ONCE,
      waiting: limits.MAX_WAITING_DECODES,
      patience: limits.DECODE_PATIENCE,
      lease: limits.DECODE_LEASE,
    }),
    fetches: new Gate({
      what: "pictures from addresses",
      capacity: limits.FETCHED_AT_ONCE,
      waiting: limits.MAX_WAITING_FETCHES,
      patience: limits.FETCH_PATIENCE,
      lease: limits.ABANDONED_AFTER,
    }),
  });
}

function cacheFactory(dependencies: AppDependencies, metrics: Metrics): (origin: string) => EmbeddingCache {
  const { edge, bucket, log = consoleLog } = dependencies;
  const failed: LayerFailure = (layer, action, error) => {
    metrics.cacheFailures.add({ layer, action });
    log({ level: "warn", event: "cache-failure", layer, action, error: redact(String(error)) });
  };
  return (origin) =>
    new EmbeddingCache(
      [...(edge ? [edgeLayer(edge, origin)] : []), ...(bucket ? [bucketLayer(bucket)] : [])],
      failed,
    );
}

function corsOrigin(origins: readonly string[] = ["*"]): string | string[] {
  return origins.includes("*") ? "*" : [...origins];
}
