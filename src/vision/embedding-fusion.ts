/** A picture's vector and a text's to one for both ("PinCLIP", arXiv 2603.03544: the aggregator). */
import type { EmbeddingFusionManifest } from "../runtime/manifest.ts";
import type { Tensor } from "../runtime/tensor.ts";
import { vectorOf } from "./text-embedding.ts";
import type { Embedding, EmbedOptions, Inference } from "./unified-embedding.ts";

export class EmbeddingFuser {
  readonly manifest: EmbeddingFusionManifest;
  readonly #inference: Inference;

  constructor(manifest: EmbeddingFusionManifest, inference: Inference) {
    this.manifest = manifest;
    this.#inference = inference;
  }

  /** Both of the same joint space, unit length. @throws {UnexpectedOutputError} when the answer does not fit the manifest. */
  async fuse(image: Embedding, text: Embedding, options: EmbedOptions = {}): Promise<Embedding> {
    const { name, output } = this.manifest;
    const row = (data: Embedding): Tensor => ({ datatype: "FP32", shape: [1, data.length], data });
    const inputs = { image: row(image), text: row(text) };
    const answer = await this.#inference.infer(name, inputs, { ...options, outputs: [output.name] });
    return vectorOf(answer[output.name], name, output);
  }
}
