/** The parts that routes and queue consumers of one isolate share: its gates, flights, caches and counters. */
import type { ImageEmbeddingManifest, ObjectDetectionManifest } from "../runtime/manifest.ts";
import type { Embedding } from "../vision/unified-embedding.ts";
import { bucketLayer } from "./cache/bucket-layer.ts";
import { ByteCache } from "./cache/byte-cache.ts";
import { edgeLayer } from "./cache/edge-layer.ts";
import { EmbeddingCache, type LayerFailure } from "./cache/embedding-cache.ts";
import { CompletionService } from "./completion-service.ts";
import type { AppDependencies } from "./dependencies.ts";
import { EmbeddingService } from "./embedding-service.ts";
import { Gate } from "./gate.ts";
import * as limits from "./limits.ts";
import { Metrics } from "./metrics.ts";
import { consoleLog, type Log } from "./middleware/access-log.ts";
import { headFor, ModelRegistry } from "./model-registry.ts";
import { PicturePipeline } from "./picture-pipeline.ts";
import { redact } from "./redact.ts";
import { SceneService } from "./scene-service.ts";
import { DEFAULT_MODEL } from "./schemas/embeddings.ts";
import { SingleFlight } from "./single-flight.ts";
import { type ReadModelFile, TextService } from "./text-service.ts";

export interface Parts {
  readonly models: ModelRegistry;
  readonly metrics: Metrics;
  readonly service: EmbeddingService;
  readonly texts: TextService;
  /** Objects in pictures, where a detector is deployed: one for each revision of the catalogue's picture model. */
  readonly scenes: readonly SceneService[];
  /** What goes with pictures, one for each compatibility head whose backbone is deployed. */
  readonly completions: readonly CompletionService[];
  readonly cacheFor: (origin: string | undefined) => EmbeddingCache;
  /** Around request bodies in memory; its capacity is in bytes. */
  readonly bodies: Gate;
  readonly log: Log;
}

export function partsOf(dependencies: AppDependencies): Parts {
  const { inference, metrics = new Metrics(), log = consoleLog } = dependencies;
  const failed = failureReport(metrics, log);
  const cacheFor = cacheFactory(dependencies, failed);
  const pipeline = pipelineFor(dependencies);
  const models = new ModelRegistry(dependencies.models);
  return {
    models,
    metrics,
    service: new EmbeddingService({ inference, cacheFor, metrics, pipeline }),
    texts: new TextService({
      models,
      inference,
      metrics,
      readModelFile: dependencies.readModelFile ?? noModelFiles,
    }),
    ...sceneParts(dependencies, { pipeline, metrics, failed }),
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

const noModelFiles: ReadModelFile = (path) =>
  Promise.reject(new Error(`no reader of model files for ${path}`));

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

/** Crops are embedded by the catalogue's model, or no product could be found by them. */
function sceneParts(
  { models, inference, edge, bucket }: AppDependencies,
  {
    pipeline,
    metrics,
    failed,
  }: { readonly pipeline: PicturePipeline; readonly metrics: Metrics; readonly failed: LayerFailure },
): Pick<Parts, "scenes" | "completions"> {
  const detector = models.find((one): one is ObjectDetectionManifest => one.task === "object-detection");
  const encoders = models.filter(
    (one): one is ImageEmbeddingManifest => one.task === "image-embedding" && one.name === DEFAULT_MODEL,
  );
  const bytesFor = (origin: string | undefined) => new ByteCache({ edge, origin, bucket, failed });
  const shared = { inference, pipeline, bytesFor, metrics };
  return {
    scenes: encoders.flatMap((encoder) =>
      detector ? new SceneService({ detector, encoder, ...shared }) : [],
    ),
    completions: encoders.flatMap((backbone) => {
      const head = headFor(backbone, models);
      return head ? new CompletionService({ head, backbone, ...shared }) : [];
    }),
  };
}

function failureReport(metrics: Metrics, log: Log): LayerFailure {
  return (layer, action, error) => {
    metrics.cacheFailures.add({ layer, action });
    log({ level: "warn", event: "cache-failure", layer, action, error: redact(String(error)) });
  };
}

function cacheFactory(
  { edge, bucket }: AppDependencies,
  failed: LayerFailure,
): (origin: string | undefined) => EmbeddingCache {
  return (origin) =>
    new EmbeddingCache(
      [
        ...(edge && origin !== undefined ? [edgeLayer(edge, origin)] : []),
        ...(bucket ? [bucketLayer(bucket)] : []),
      ],
      failed,
    );
}
