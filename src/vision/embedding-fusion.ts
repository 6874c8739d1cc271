/** A picture's vector and a text's to one for both ("PinCLIP", arXiv 2603.03544: the aggregator). */
import type { EmbeddingFusionManifest } from "../runtime/manifest.ts";
import type { Tensor } from "../runtime/tensor.ts";
import {
  type Embedding,
  type EmbedOptions,
  embeddingsOf,
  type Inference,
  inferOwn,
} from "./unified-embedding.ts";

export class EmbeddingFuser {
  readonly manifest: EmbeddingFusionManifest;
  readonly #inference: Inference;

  constructor(manifest: EmbeddingFusionManifest, inference: Inference) {
    this.manifest = manifest;
    this.#inference = inference;
  }

  /** Both of the same joint space, unit length. @throws {UnexpectedOutputError} when the answer does not fit the manifest. */
  async fuse(image: Embedding, text: Embedding, options: EmbedOptions = {}): Promise<Embedding> {
    const { output } = this.manifest;
    const row = (data: Embedding): Tensor => ({ datatype: "FP32", shape: [1, data.length], data });
    const inputs = { image: row(image), text: row(text) };
    const answer = await inferOwn(this.#inference, this.manifest, inputs, {
      outputs: [output.name],
      ...options,
    });
    return embeddingsOf(answer, this.manifest, 1)[0]!;
  }
}
