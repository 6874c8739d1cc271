/** What people will do with candidates, by a model that is small enough for an edge function (models/feed-ranker). */
import type { RankingManifest } from "../runtime/manifest.ts";
import { type Inference, UnexpectedOutputError } from "../vision/unified-embedding.ts";
import { FEED_ACTIONS } from "./actions.ts";
import { FEATURES, featuresOf, type RankingCandidate, type RankingContext } from "./features.ts";

export { FEATURES, featuresOf, type RankingCandidate, type RankingContext } from "./features.ts";

/** Candidates of one inference: features and answers are some 64 bytes each. */
export const MAX_RANKED = 4_096;

export interface RankOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * Probabilities of `FEED_ACTIONS`, `count`×5.
 *
 * @param model `reference` is `name@revision`
 * @param features of {@link featuresOf}, `count`×`FEATURES.length`
 * @throws RangeError for more than {@link MAX_RANKED}, or when the length does not fit
 * @throws {UnexpectedOutputError} when the answer is none, and the inference client's problems
 *
 * @example
 * ```ts
 * const features = featuresOf(candidates, { interests, actions, now: Date.now() });
 * const probabilities = await rankAtEdge(inference, { reference: "feed-ranker" }, features, candidates.length);
 * ```
 */
export async function rankAtEdge(
  inference: Inference,
  model: { readonly reference: string },
  features: Float32Array,
  count: number,
  options: RankOptions = {},
): Promise<Float32Array> {
  if (!Number.isInteger(count) || count < 0 || count > MAX_RANKED) {
    throw new RangeError(`${count} candidates are not 0 to ${MAX_RANKED}`);
  }
  if (features.length !== count * FEATURES.length) {
    throw new RangeError(`${features.length} numbers are not ${count} rows of ${FEATURES.length}`);
  }
  if (!features.every(Number.isFinite)) throw new RangeError("features are finite numbers");
  if (count === 0) return new Float32Array();
  const data = Float32Array.from(features);
  const inputs = { features: { datatype: "FP32", shape: [count, FEATURES.length], data } as const };
  const { probabilities } = await inference.infer(model.reference, inputs, {
    outputs: ["probabilities"],
    ...options,
  });
  const expected = [count, FEED_ACTIONS.length].join();
  if (probabilities?.datatype !== "FP32" || probabilities.shape.join() !== expected) {
    const got = probabilities ? `${probabilities.datatype} [${probabilities.shape.join(", ")}]` : "missing";
    throw new UnexpectedOutputError(model.reference, `probabilities are ${got}, not FP32 [${expected}]`);
  }
  if (!probabilities.data.every((one) => one >= 0 && one <= 1)) {
    throw new UnexpectedOutputError(model.reference, "probabilities lie outside 0 … 1");
  }
  return probabilities.data;
}

/** A ranking model that was made for other features or actions than this program computes. */
export class ForeignRankerError extends Error {
  override readonly name = "ForeignRankerError";
}

/** Ranks candidates with one ranking model. */
export class EdgeRanker {
  /** `name@revision` */
  readonly model: string;
  readonly #inference: Inference;
  readonly #options: RankOptions;

  /** @throws {ForeignRankerError} when the model does not read {@link FEATURES}, or does not answer `FEED_ACTIONS` */
  constructor(manifest: RankingManifest, inference: Inference, options: RankOptions = {}) {
    const { features, actions } = manifest.ranking;
    this.model = `${manifest.name}@${manifest.revision}`;
    if (features.join() !== FEATURES.join() || actions.join() !== FEED_ACTIONS.join()) {
      throw new ForeignRankerError(`${this.model} reads ${features} and answers ${actions}`);
    }
    this.#inference = inference;
    this.#options = options;
  }

  /** Probabilities of `FEED_ACTIONS`, a row a candidate. @throws as {@link rankAtEdge} and {@link featuresOf} */
  rank(candidates: readonly RankingCandidate[], context: RankingContext): Promise<Float32Array> {
    const features = featuresOf(candidates, context);
    return rankAtEdge(this.#inference, { reference: this.model }, features, candidates.length, this.#options);
  }
}
