/** Pictures to embeddings: from the cache where they are known, else through the model in micro-batches. */
import type { CropBox } from "../media/picture.ts";
import { Problem } from "../problem.ts";
import type { ImageEmbeddingManifest } from "../runtime/manifest.ts";
import type { Tensors } from "../runtime/tensor.ts";
import { ImageEmbedder, type Inference } from "../vision/unified-embedding.ts";
import type { EmbeddingCache } from "./cache/embedding-cache.ts";
import type { WorkScope } from "./context.ts";
import { OverloadedError } from "./gate.ts";
import { MICRO_BATCH } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { PictureInput } from "./picture-input.ts";
import type { EmbeddedPicture, EmbeddingJob, PicturePipeline, Prepared } from "./picture-pipeline.ts";
import { type RefusedInput, refusal } from "./refused-inputs.ts";

export interface EmbeddingServiceOptions {
  readonly inference: Inference;
  readonly pipeline: PicturePipeline;
  /** The cache, with copies that belong to an origin. */
  readonly cacheFor: (origin: string | undefined) => EmbeddingCache;
  readonly metrics: Metrics;
}

/** `undefined`: the picture is good, but its request fails because of another one. */
type Outcome = { readonly picture: EmbeddedPicture } | { readonly problem: Problem } | undefined;
type Ready = Extract<Prepared, { state: "ready" }>;
type Shared = Extract<Prepared, { state: "shared" }>;

/** One request on its way through the service. */
interface Run extends EmbeddingJob {
  /** A picture was refused: the rest is read and decoded to name all that are bad, but no model runs. */
  doomed: boolean;
  /** Writes to the cache that the answer waits for. */
  readonly stored: Promise<void>[];
}

/** The computation that somebody waits for was given up because its request failed for another reason. */
class AbandonedError extends Problem {
  constructor() {
    super({
      status: 503,
      code: "computation-abandoned",
      title: "The computation was given up",
      detail: "Another request that computed this embedding has failed.",
      hint: "Try again.",
      retryAfter: 1,
    });
  }
}

/** Whether the picture itself is to blame; anything else fails the whole request as it is. */
function isRefusal(error: unknown): error is Problem {
  return error instanceof Problem && !(error instanceof OverloadedError);
}

export class EmbeddingService {
  readonly #options: EmbeddingServiceOptions;

  constructor(options: EmbeddingServiceOptions) {
    this.#options = options;
  }

  /**
   * Embeds pictures, all or nothing, in the order of the inputs. Embeddings are stored when this resolves.
   * @throws {RefusedInputsError} when pictures of several are refused; a single picture's own problem
   * @throws the inference client's problems, when the model host fails
   */
  async embed(
    inputs: readonly PictureInput[],
    manifest: ImageEmbeddingManifest,
    scope: WorkScope,
  ): Promise<EmbeddedPicture[]> {
    const { inference, cacheFor, metrics } = this.#options;
    const embedder = new ImageEmbedder(manifest, inference);
    const run: Run = { embedder, cache: cacheFor(scope.origin), scope, doomed: false, stored: [] };
    const pictures: EmbeddedPicture[] = [];
    const refused: RefusedInput[] = [];
    for (let start = 0; start < inputs.length; start += MICRO_BATCH) {
      const outcomes = await this.#batch(inputs.slice(start, start + MICRO_BATCH), run);
      for (const [offset, outcome] of outcomes.entries()) {
        if (outcome === undefined) continue;
        if ("picture" in outcome) pictures.push(outcome.picture);
        else refused.push({ index: start + offset, problem: outcome.problem });
      }
    }
    await scope.clock.time("store", () => Promise.all(run.stored));
    if (refused.length > 0) throw refusal(refused, inputs.length);
    for (const { cache } of pictures) metrics.cache.add({ outcome: cache });
    return pictures;
  }

  /**
   * Embeds a part of a picture. Nothing is stored.
   * @throws {InvalidCropError}, the picture's own problem, and the inference client's
   */
  async embedCrop(
    input: PictureInput,
    crop: CropBox,
    manifest: ImageEmbeddingManifest,
    scope: WorkScope,
  ): Promise<EmbeddedPicture> {
    const { inference, pipeline, metrics } = this.#options;
    const embedder = new ImageEmbedder(manifest, inference);
    const { sha256, tensor } = await pipeline.prepareCrop(input, crop, { embedder, scope });
    const { signal } = scope;
    const [embedding] = await scope.clock.time("infer", () => embedder.embed([tensor], { signal }));
    metrics.inferences.add({ model: manifest.name, result: "ok" });
    metrics.pictures.add({ model: manifest.name });
    metrics.cache.add({ outcome: "miss" });
    return { sha256, embedding: embedding!, cache: "miss" };
  }

  /**
   * Embeds a picture and answers the model's feature maps too, each a batch of one. The cache knows no maps, so the
   * model always runs; the embedding is stored when this resolves.
   * @throws the picture's own problem, and the inference client's
   */
  async embedWithMaps(
    input: PictureInput,
    manifest: ImageEmbeddingManifest,
    scope: WorkScope,
  ): Promise<EmbeddedPicture & { readonly maps: Tensors }> {
    const { inference, pipeline, cacheFor, metrics } = this.#options;
    const embedder = new ImageEmbedder(manifest, inference);
    const { sha256, tensor } = await pipeline.prepareCrop(input, undefined, { embedder, scope });
    const { name: model, revision } = manifest;
    const { signal, clock } = scope;
    const { embeddings, maps } = await clock
      .time("infer", () => embedder.embedWithMaps([tensor], { signal }))
      .catch((error) => {
        metrics.inferences.add({ model, result: "error" });
        throw error;
      });
    metrics.inferences.add({ model, result: "ok" });
    metrics.pictures.add({ model });
    metrics.cache.add({ outcome: "miss" });
    const embedding = embeddings[0]!;
    await clock.time("store", () => cacheFor(scope.origin).keep({ model, revision, sha256 }, embedding));
    return { sha256, embedding, cache: "miss", maps };
  }

  async #batch(inputs: readonly PictureInput[], run: Run, retried = false): Promise<Outcome[]> {
    const prepared = await Promise.allSettled(
      inputs.map((input) => this.#options.pipeline.prepare(input, run)),
    );
    const ready = prepared.flatMap((one) =>
      one.status === "fulfilled" && one.value.state === "ready" ? [one.value] : [],
    );
    const failures = prepared.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    const fatal = run.scope.signal.aborted
      ? run.scope.signal.reason
      : failures.find((reason) => !isRefusal(reason));
    run.doomed ||= failures.length > 0;
    let computed: ReadonlyMap<Prepared, EmbeddedPicture> = new Map();
    if (fatal === undefined && !run.doomed) computed = await this.#infer(ready, run);
    else for (const { flight } of ready) flight.crash(new AbandonedError());
    if (fatal !== undefined) throw fatal;

    return Promise.all(
      prepared.map(async (one, index): Promise<Outcome> => {
        if (one.status === "rejected") return { problem: one.reason as Problem };
        if (one.value.state === "found") return one.value;
        if (one.value.state === "shared") return this.#shared(one.value, inputs[index]!, run, retried);
        const picture = computed.get(one.value);
        return picture && { picture };
      }),
    );
  }

  /** Runs the model on all pictures that are ready, and starts to store what it answers. */
  async #infer(ready: readonly Ready[], run: Run): Promise<Map<Prepared, EmbeddedPicture>> {
    const computed = new Map<Prepared, EmbeddedPicture>();
    if (ready.length === 0) return computed;
    const { embedder, scope, cache, stored } = run;
    const { metrics } = this.#options;
    const model = embedder.manifest.name;
    try {
      const tensors = ready.map(({ tensor }) => tensor);
      const embeddings = await scope.clock.time("infer", () =>
        embedder.embed(tensors, { signal: scope.signal }),
      );
      metrics.inferences.add({ model, result: "ok" });
      metrics.pictures.add({ model }, ready.length);
      for (const [index, one] of ready.entries()) {
        const embedding = embeddings[index]!;
        computed.set(one, { sha256: one.key.sha256, embedding, cache: "miss" });
        stored.push(cache.keep(one.key, embedding).then(() => one.flight.land(embedding)));
      }
    } catch (error) {
      metrics.inferences.add({ model, result: "error" });
      for (const { flight } of ready) flight.crash(error);
      throw error;
    }
    return computed;
  }

  /** Waits for another request's computation; when that fails for a reason of its own, computes here, once. */
  async #shared(shared: Shared, input: PictureInput, run: Run, retried: boolean): Promise<Outcome> {
    try {
      const embedding = await run.scope.clock.time("wait", () => shared.flight.wait());
      if (embedding) return { picture: { sha256: shared.key.sha256, embedding, cache: "miss" } };
    } catch (error) {
      if (error instanceof Problem && error.status < 500) return { problem: error };
      if (retried) throw error;
    }
    if (run.doomed) return undefined;
    if (retried) throw new AbandonedError();
    const [outcome] = await this.#batch([input], run, true);
    return outcome;
  }
}
