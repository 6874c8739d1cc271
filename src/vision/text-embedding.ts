/** Words to vectors of the space where pictures of what they say are near. */
import type { TextEmbeddingManifest } from "../runtime/manifest.ts";
import type { TextTokenizer } from "./text-tokenizer.ts";
import {
  type Embedding,
  type EmbedOptions,
  embeddingsOf,
  type Inference,
  inferOwn,
} from "./unified-embedding.ts";

export interface EmbeddedTexts {
  /** Unit vectors, in the order of the texts. */
  readonly embeddings: Embedding[];
  /** Token numbers that the model read, those that mark the ends of texts included. */
  readonly tokens: number;
}

/** Texts that are on their way to the model host at the same time. */
const TEXTS_AT_ONCE = 4;

/**
 * Embeds texts with one text-embedding model.
 *
 * Each text runs by itself and unpadded: the int8 graph scales its activations by the largest of a whole tensor, so
 * that a neighbour in the batch would change a text's vector.
 *
 * @example
 * ```ts
 * const { embeddings: [dress] } = await new TextEmbedder(manifest, tokenizer, inference).embed(["red dress"]);
 * ```
 */
export class TextEmbedder {
  readonly manifest: TextEmbeddingManifest;
  readonly #tokenizer: TextTokenizer;
  readonly #inference: Inference;

  constructor(manifest: TextEmbeddingManifest, tokenizer: TextTokenizer, inference: Inference) {
    this.manifest = manifest;
    this.#tokenizer = tokenizer;
    this.#inference = inference;
  }

  /** @throws {UnexpectedOutputError} when the answer does not fit the manifest. */
  async embed(texts: readonly string[], options: EmbedOptions = {}): Promise<EmbeddedTexts> {
    const embeddings: Embedding[] = [];
    let tokens = 0;
    for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE) {
      const some = texts.slice(start, start + TEXTS_AT_ONCE).map((text) => this.#tokenizer.encode(text));
      for (const ids of some) tokens += ids.length;
      embeddings.push(...(await Promise.all(some.map((ids) => this.#run(ids, options)))));
    }
    return { embeddings, tokens };
  }

  async #run(ids: Int32Array<ArrayBuffer>, options: EmbedOptions): Promise<Embedding> {
    const { input, output } = this.manifest;
    const tensor = { datatype: "INT32", shape: [1, ids.length], data: ids } as const;
    const outputs = [output.name];
    const answer = await inferOwn(
      this.#inference,
      this.manifest,
      { [input.name]: tensor },
      { outputs, ...options },
    );
    return embeddingsOf(answer, this.manifest, 1)[0]!;
  }
}
