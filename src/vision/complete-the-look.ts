/**
 * What goes together ("Complete the Look", arXiv 1812.01748): a small head on the feature map that the embedding
 * model answers beside its embedding.
 *
 * All vectors f of the head have unit length, and the attention a over the regions of a scene sums to 1, so the
 * paper's distance d(s, p) = ½(‖f_s − f_p‖² + Σ a_i ‖f_i − f_p‖²) is 2 − (f_s + Σ a_i f_i)·f_p: products are ranked
 * by their inner product with one query for each category.
 */
import { type LookCompatibilityManifest, outputsOf } from "../runtime/manifest.ts";
import type { Tensor, Tensors } from "../runtime/tensor.ts";
import {
  type Embedding,
  type EmbedOptions,
  type Inference,
  inferOwn,
  UnexpectedOutputError,
} from "./unified-embedding.ts";

/** A scene, as products are looked for that complete it. */
export interface SceneQueries {
  /** f_s: unit length. */
  readonly scene: Embedding;
  /** For each of the manifest's categories, in its order: f_s + Σ a_i f_i, of any length up to 2. */
  readonly queries: readonly Float32Array<ArrayBuffer>[];
  /** For each category the weight of every region, row by row; they sum to 1. */
  readonly attention: readonly Float32Array<ArrayBuffer>[];
}

/** Vectors may be this far from unit length: the head computes in fp32. */
const UNIT_TOLERANCE = 1e-3;

/**
 * @example
 * ```ts
 * const { embeddings, maps } = await embedder.embedWithMaps(tensors);
 * const products = await head.products(maps[head.manifest.compatibility.map]!);
 * ```
 */
export class CompatibilityHead {
  readonly manifest: LookCompatibilityManifest;
  readonly #inference: Inference;

  constructor(manifest: LookCompatibilityManifest, inference: Inference) {
    this.manifest = manifest;
    this.#inference = inference;
  }

  /**
   * Vectors of products, by which they are found, from the maps of their pictures.
   * @param map FP32 of n×(the manifest's input)
   * @throws {UnexpectedOutputError} and the inference client's problems
   */
  async products(map: Tensor, options: EmbedOptions = {}): Promise<Embedding[]> {
    const { product } = await this.#infer(map, ["product"], options);
    return this.#units("product", product!);
  }

  /**
   * Queries of scenes, from the maps of their pictures.
   * @throws as `products`
   */
  async scenes(map: Tensor, options: EmbedOptions = {}): Promise<SceneQueries[]> {
    const answer = await this.#infer(map, ["scene", "queries", "attention"], options);
    const scenes = this.#units("scene", answer.scene!);
    const queries = this.#rows("queries", answer.queries!);
    const attention = this.#rows("attention", answer.attention!);
    const { length } = this.manifest.compatibility.categories;
    return scenes.map((scene, at) => ({
      scene,
      queries: queries.slice(at * length, (at + 1) * length),
      attention: attention.slice(at * length, (at + 1) * length),
    }));
  }

  async #infer(map: Tensor, outputs: string[], options: EmbedOptions): Promise<Tensors> {
    const { input } = this.manifest;
    const [count] = map.shape;
    const answer = await inferOwn(
      this.#inference,
      this.manifest,
      { [input.name]: map },
      { outputs, ...options },
    );
    for (const output of outputs) {
      const declared = outputsOf(this.manifest).find((one) => one.name === output);
      const tensor = answer[output];
      const expected = declared && [count, ...declared.shape.slice(1)].join();
      if (tensor?.datatype !== "FP32" || tensor.shape.join() !== expected) {
        const got = tensor ? `${tensor.datatype} [${tensor.shape.join(", ")}]` : "missing";
        throw new UnexpectedOutputError(
          this.manifest.name,
          `${output} is ${got}, not FP32 [${expected ?? "undeclared"}]`,
        );
      }
    }
    return answer;
  }

  /** Slices along the last dimension. */
  #rows(output: string, tensor: Tensor): Float32Array<ArrayBuffer>[] {
    const data = tensor.data as Float32Array<ArrayBuffer>;
    if (!data.every(Number.isFinite)) {
      throw new UnexpectedOutputError(this.manifest.name, `${output} has components that are no numbers`);
    }
    const length = tensor.shape.at(-1)!;
    return Array.from({ length: data.length / length }, (_, at) =>
      data.slice(at * length, (at + 1) * length),
    );
  }

  #units(output: string, tensor: Tensor): Embedding[] {
    const rows = this.#rows(output, tensor);
    for (const row of rows) {
      if (Math.abs(Math.hypot(...row) - 1) <= UNIT_TOLERANCE) continue;
      throw new UnexpectedOutputError(this.manifest.name, `${output} is not of unit length`);
    }
    return rows;
  }
}
