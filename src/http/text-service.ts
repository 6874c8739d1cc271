/** Texts to embeddings, and pictures with texts: the other half of a joint embedding model. */
import { Problem } from "../problem.ts";
import { sha256 } from "../runtime/integrity.ts";
import type { ImageEmbeddingManifest, TextEmbeddingManifest } from "../runtime/manifest.ts";
import { EmbeddingFuser } from "../vision/embedding-fusion.ts";
import { type EmbeddedTexts, TextEmbedder } from "../vision/text-embedding.ts";
import { TextTokenizer } from "../vision/text-tokenizer.ts";
import type { Embedding, Inference } from "../vision/unified-embedding.ts";
import type { WorkScope } from "./context.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelRegistry } from "./model-registry.ts";

/** Reads a file of a model, `<name>/<revision>/<file>`. */
export type ReadModelFile = (path: string) => Promise<Uint8Array<ArrayBuffer>>;

export interface TextServiceOptions {
  readonly models: ModelRegistry;
  readonly inference: Inference;
  readonly readModelFile: ReadModelFile;
  readonly metrics: Metrics;
}

/** The tokenizer beside a model could not be read, or is not the one that its manifest names. */
export class TokenizerError extends Problem {
  constructor(path: string, detail: string, cause?: unknown) {
    super({
      status: 502,
      code: "tokenizer-not-available",
      title: "The tokenizer could not be loaded",
      detail: `${path}: ${detail}`,
      hint: "Deploy the function again together with its assets.",
      retryAfter: 5,
      cause,
    });
  }
}

export class TextService {
  readonly #options: TextServiceOptions;
  /** Finished ones: a promise would die with the request that made it. */
  readonly #tokenizers = new Map<string, TextTokenizer>();

  constructor(options: TextServiceOptions) {
    this.#options = options;
  }

  /**
   * Texts in the joint space of a model for pictures.
   * @throws {UnknownModelError} {RevisionNotServedError} {TokenizerError}, the inference client's problems
   */
  async embed(
    texts: readonly string[],
    manifest: ImageEmbeddingManifest,
    { clock, signal }: WorkScope,
  ): Promise<EmbeddedTexts> {
    const { models, inference, metrics } = this.#options;
    const text = models.textOf(manifest);
    const tokenizer = await this.#tokenizer(text);
    const work = clock.time("infer", () =>
      new TextEmbedder(text, tokenizer, inference).embed(texts, { signal }),
    );
    work.then(
      () => metrics.inferences.add({ model: text.name, result: "ok" }, texts.length),
      () => metrics.inferences.add({ model: text.name, result: "error" }),
    );
    return work;
  }

  /** One vector for a picture and a text of a model's joint space. @throws as `embed` */
  fuse(
    image: Embedding,
    text: Embedding,
    manifest: ImageEmbeddingManifest,
    { clock, signal }: WorkScope,
  ): Promise<Embedding> {
    const { models, inference } = this.#options;
    const fuser = new EmbeddingFuser(models.fusionOf(manifest), inference);
    return clock.time("infer", () => fuser.fuse(image, text, { signal }));
  }

  async #tokenizer({ name, revision, text }: TextEmbeddingManifest): Promise<TextTokenizer> {
    const path = `${name}/${revision}/${text.tokenizer.path}`;
    const known = this.#tokenizers.get(path);
    if (known) return known;
    const bytes = await this.#options.readModelFile(path).catch((error: unknown) => {
      throw new TokenizerError(path, "it cannot be read.", error);
    });
    if ((await sha256(bytes)) !== text.tokenizer.sha256)
      throw new TokenizerError(path, "its sha256 differs.");
    const tokenizer = new TextTokenizer(new TextDecoder().decode(bytes), text);
    this.#tokenizers.set(path, tokenizer);
    return tokenizer;
  }
}
