/** The parts that routes and queue consumers of one isolate share: its gates, flights, caches and counters. */
import type { Embedding } from "../vision/unified-embedding.ts";
import { bucketLayer } from "./cache/bucket-layer.ts";
import { edgeLayer } from "./cache/edge-layer.ts";
import { EmbeddingCache, type LayerFailure } from "./cache/embedding-cache.ts";
import type { AppDependencies } from "./dependencies.ts";
import { EmbeddingService } from "./embedding-service.ts";
import { Gate } from "./gate.ts";
import * as limits from "./limits.ts";
import { Metrics } from "./metrics.ts";
import { consoleLog, type Log } from "./middleware/access-log.ts";
import { ModelRegistry } from "./model-registry.ts";
import { PicturePipeline } from "./picture-pipeline.ts";
import { redact } from "./redact.ts";
import { SingleFlight } from "./single-flight.ts";

export interface Parts {
  readonly models: ModelRegistry;
  readonly metrics: Metrics;
  readonly service: EmbeddingService;
  readonly cacheFor: (origin: string | undefined) => EmbeddingCache;
  /** Around request bodies in memory; its capacity is in bytes. */
  readonly bodies: Gate;
  readonly log: Log;
}

export function partsOf(dependencies: AppDependencies): Parts {
  const { inference, log = consoleLog } = dependencies;
  const metrics = new Metrics();
  const cacheFor = cacheFactory(dependencies, metrics, log);
  return {
    models: new ModelRegistry(dependencies.models),
    metrics,
    service: new EmbeddingService({ inference, cacheFor, metrics, pipeline: pipelineFor(dependencies) }),
    cacheFor,
    bodies: new Gate({
      what: "request bodies",
      capacity: limits.MAX_BODY_BYTES_IN_FLIGHT,
      waiting: limits.MAX_WAITING_BODIES,
      patience: limits.BODY_PATIENCE,
      lease: limits.ABANDONED_AFTER,
    }),
    log,
  };
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

function cacheFactory(
  { edge, bucket }: AppDependencies,
  metrics: Metrics,
  log: Log,
): (origin: string | undefined) => EmbeddingCache {
  const failed: LayerFailure = (layer, action, error) => {
    metrics.cacheFailures.add({ layer, action });
    log({ level: "warn", event: "cache-failure", layer, action, error: redact(String(error)) });
  };
  return (origin) =>
    new EmbeddingCache(
      [
        ...(edge && origin !== undefined ? [edgeLayer(edge, origin)] : []),
        ...(bucket ? [bucketLayer(bucket)] : []),
      ],
      failed,
    );
}
