/** Scenes to objects and their embeddings: from the cache where they are known, else through detector and encoder. */
import { sha256Hex } from "../media/sha256.ts";
import { shrink } from "../media/shrink.ts";
import { Problem } from "../problem.ts";
import {
  type ImageEmbeddingManifest,
  type ObjectDetectionManifest,
  pinnedName,
} from "../runtime/manifest.ts";
import { type DetectedObject, ObjectDetector } from "../vision/object-detection.ts";
import { choose, type ObjectChoice, widened } from "../vision/shop-the-look.ts";
import { type Embedding, ImageEmbedder, type Inference } from "../vision/unified-embedding.ts";
import type { ByteCache } from "./cache/byte-cache.ts";
import { fromSceneBytes, type SceneRecord, toSceneBytes } from "./cache/scene-record.ts";
import type { CacheOutcome, WorkScope } from "./context.ts";
import { FLIGHT_PATIENCE, MAX_FLIGHTS, MAX_SCENE_SIDE, MIN_OBJECT_SCORE } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { PictureInput } from "./picture-input.ts";
import type { PicturePipeline } from "./picture-pipeline.ts";
import type { Sha256 } from "./sha256.ts";
import { SingleFlight } from "./single-flight.ts";
import { InvalidRequestError } from "./validation.ts";

export interface SceneServiceOptions {
  readonly detector: ObjectDetectionManifest;
  /** Embeds the objects' crops. */
  readonly encoder: ImageEmbeddingManifest;
  readonly inference: Inference;
  readonly pipeline: PicturePipeline;
  readonly bytesFor: (origin: string | undefined) => ByteCache;
  readonly metrics: Metrics;
}

export interface SceneRequest extends Omit<ObjectChoice, "minScore"> {
  readonly input: PictureInput;
  /** @default the detector's `score_threshold` */
  readonly minScore?: number | undefined;
  /** Whether the objects' embeddings are wanted too. */
  readonly vectors: boolean;
}

export interface SceneObject extends DetectedObject {
  /** Of the object's crop, where it was asked for. */
  readonly vector?: Embedding;
}

export interface Scene {
  readonly sha256: Sha256;
  /** The most certain first. */
  readonly objects: readonly SceneObject[];
  readonly cache: CacheOutcome;
}

export class SceneService {
  readonly #options: SceneServiceOptions;
  readonly #flights = new SingleFlight<SceneRecord>({ capacity: MAX_FLIGHTS, patience: FLIGHT_PATIENCE });

  constructor(options: SceneServiceOptions) {
    this.#options = options;
  }

  /** What objects are embedded by. */
  get encoder(): ImageEmbeddingManifest {
    return this.#options.encoder;
  }

  /** What is looked for in scenes. */
  get manifest(): ObjectDetectionManifest {
    return this.#options.detector;
  }

  /**
   * Finds the objects of a picture, and embeds them when asked to. What was computed is stored when this resolves.
   * @throws {InvalidRequestError} for categories that the detector does not know
   * @throws the picture's own problem, {OverloadedError}, and the inference client's problems
   */
  async read(request: SceneRequest, scope: WorkScope): Promise<Scene> {
    const { detector } = this.#options;
    for (const category of request.categories ?? []) this.#assertKnown(category);
    const choice: ObjectChoice = {
      categories: request.categories,
      minScore: Math.max(MIN_OBJECT_SCORE, request.minScore ?? detector.detection.score_threshold),
      maxObjects: request.maxObjects,
    };
    return this.#options.pipeline.read(request.input, scope, async (bytes) => {
      const sha256 = await scope.clock.time("hash", () => sha256Hex(bytes));
      const path = this.#pathOf(sha256);
      const known = await this.#find(path, scope);
      const answer = (record: SceneRecord, cache: CacheOutcome): Scene => ({
        sha256,
        objects: choose(record.objects, choice).map((index) => {
          const vector = request.vectors ? record.vectors.get(index) : undefined;
          return { ...record.objects[index]!, ...(vector && { vector }) };
        }),
        cache,
      });
      if (known && this.#missing(known.record, request, choice).length === 0) {
        return answer(known.record, known.from);
      }
      const compute = () => this.#compute(bytes, known?.record, request, choice, path, scope);
      const flight = this.#flights.join(`${path}?${JSON.stringify([choice, request.vectors])}`);
      if (!flight.own) {
        const shared = await scope.clock
          .time("wait", () => flight.wait())
          .catch((error: unknown) => {
            if (error instanceof Problem && error.status < 500) throw error;
            return undefined;
          });
        return answer(shared ?? (await compute()), "miss");
      }
      try {
        const record = await compute();
        flight.land(record);
        return answer(record, "miss");
      } catch (error) {
        flight.crash(error);
        throw error;
      }
    });
  }

  async #compute(
    bytes: Uint8Array,
    known: SceneRecord | undefined,
    request: SceneRequest,
    choice: ObjectChoice,
    path: string,
    scope: WorkScope,
  ): Promise<SceneRecord> {
    const { detector: manifest, encoder, inference, bytesFor, metrics } = this.#options;
    const { signal, clock } = scope;
    const detector = new ObjectDetector(manifest, inference);
    // The decoder's pixels may be 48 MB and keep others waiting: only a smaller copy outlives them.
    const { input, scene } = await this.#options.pipeline.decode(bytes, scope, (picture) => ({
      input: known ? undefined : detector.inputOf(picture),
      scene: request.vectors ? shrink(picture, MAX_SCENE_SIDE, encoder.preprocess.background) : undefined,
    }));
    let record = known;
    if (!record) {
      const objects = await clock.time("detect", () =>
        this.#counted(manifest.name, () => detector.detect(input!, { signal, minScore: MIN_OBJECT_SCORE })),
      );
      record = { objects, vectors: new Map() };
    }
    const missing = this.#missing(record, request, choice);
    if (missing.length > 0 && scene) {
      const embedder = new ImageEmbedder(encoder, inference);
      const crops = missing.map((index) => embedder.tensorOf(scene, widened(record!.objects[index]!.box)));
      const embeddings = await clock.time("embed", () =>
        this.#counted(encoder.name, () => embedder.embed(crops, { signal })),
      );
      metrics.pictures.add({ model: encoder.name }, missing.length);
      const vectors = new Map(record.vectors);
      for (const [at, index] of missing.entries()) vectors.set(index, embeddings[at]!);
      record = { ...record, vectors };
    }
    const stored = toSceneBytes(record);
    await clock.time("store", () => bytesFor(scope.origin).keep(path, stored));
    return record;
  }

  async #counted<Result>(model: string, infer: () => Promise<Result>): Promise<Result> {
    const { inferences } = this.#options.metrics;
    try {
      const answer = await infer();
      inferences.add({ model, result: "ok" });
      return answer;
    } catch (error) {
      inferences.add({ model, result: "error" });
      throw error;
    }
  }

  /** Numbers of the objects whose embeddings are asked for and not there. */
  #missing(record: SceneRecord, request: SceneRequest, choice: ObjectChoice): number[] {
    if (!request.vectors) return [];
    return choose(record.objects, choice).filter((index) => !record.vectors.has(index));
  }

  async #find(path: string, scope: WorkScope) {
    const { bytesFor, encoder } = this.#options;
    const found = await scope.clock.time("lookup", () => bytesFor(scope.origin).find(path, scope.background));
    const record = found && fromSceneBytes(found.bytes, encoder.output.dimensions);
    return record && { record, from: found.from };
  }

  #pathOf(sha256: Sha256): string {
    const { detector, encoder } = this.#options;
    return `scenes/${pinnedName(detector)}/${pinnedName(encoder)}/${sha256}`;
  }

  #assertKnown(category: string): void {
    const { categories } = this.#options.detector.detection;
    if (categories.includes(category)) return;
    throw new InvalidRequestError(
      `${JSON.stringify(category.slice(0, 64))} is no category here; there are: ${categories.join(", ")}.`,
      "categories",
    );
  }
}
