/**
 * The look category of a picture, from its embedding: multinomial logistic regression, trained and measured by
 * `models/complete-the-look/category_head.py`. It serves items whose seller named no category.
 */
import * as z from "zod";
import type { Embedding } from "./unified-embedding.ts";

/** Below this probability there is no answer; above it, nine of ten held-out answers are right (model card). */
export const LEAST_PROBABILITY = 0.7;

const Weights = z.object({
  /** The model whose embeddings it reads, as `name@revision`. */
  backbone: z.string(),
  categories: z.array(z.string()).min(2),
  dimensions: z.int().positive(),
  /** [C, dimensions], base64 of little-endian float32. */
  weight: z.base64(),
  /** [C], likewise. */
  bias: z.base64(),
});

export class LookClassifier {
  /** `name@revision` of the model whose embeddings it reads. */
  readonly backbone: string;
  readonly #categories: readonly string[];
  readonly #weight: Float32Array;
  readonly #bias: Float32Array;

  /** @param file as the recipe writes it @throws when it is not of that form */
  constructor(file: unknown) {
    const { backbone, categories, dimensions, weight, bias } = Weights.parse(file);
    this.backbone = backbone;
    this.#categories = categories;
    this.#weight = floats(weight, categories.length * dimensions);
    this.#bias = floats(bias, categories.length);
  }

  /**
   * The most probable category; nothing when none is probable enough.
   * @param embedding unit length, as many components as the file's `dimensions` @throws {RangeError}
   */
  lookOf(embedding: Embedding): string | undefined {
    const width = this.#weight.length / this.#bias.length;
    if (embedding.length !== width) throw new RangeError(`${embedding.length} components, not ${width}`);
    const logits = this.#bias.map((bias, row) =>
      embedding.reduce((sum, value, at) => sum + value * this.#weight[row * width + at]!, bias),
    );
    const best = logits.indexOf(Math.max(...logits));
    // The softmax's largest value, without overflow: 1 / Σ exp(logit − best).
    const probability = 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - logits[best]!), 0);
    return probability >= LEAST_PROBABILITY ? this.#categories[best] : undefined;
  }
}

function floats(base64: string, length: number): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (bytes.length !== length * 4) throw new RangeError(`${bytes.length} bytes, not ${length} float32`);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length }, (_, at) => view.getFloat32(at * 4, true));
}
