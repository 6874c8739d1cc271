/** The layers of the cache as one: nearest first, and a layer that fails is a layer that has nothing. */
import type { Embedding } from "../../vision/unified-embedding.ts";
import type { EmbeddingKey } from "./embedding-key.ts";
import type { EmbeddingLayer, LayerName } from "./embedding-layer.ts";

export interface CachedEmbedding {
  readonly embedding: Embedding;
  readonly from: LayerName;
}

/** Told of every layer that fails; the request goes on without it. */
export type LayerFailure = (layer: LayerName, action: "get" | "put", error: unknown) => void;

export class EmbeddingCache {
  readonly #layers: readonly EmbeddingLayer[];
  readonly #failed: LayerFailure;

  /** @param layers nearest (and fastest) first */
  constructor(layers: readonly EmbeddingLayer[], failed: LayerFailure) {
    this.#layers = layers;
    this.#failed = failed;
  }

  /**
   * Looks in one layer after the other. What a farther one has is copied to the nearer ones, in `background`.
   * @param dimensions length that the embedding must have; another one counts as broken
   */
  async find(
    key: EmbeddingKey,
    background: (work: Promise<unknown>) => void,
    dimensions?: number,
  ): Promise<CachedEmbedding | undefined> {
    for (const [depth, layer] of this.#layers.entries()) {
      const embedding = await this.#get(layer, key);
      if (!embedding || (dimensions !== undefined && embedding.length !== dimensions)) continue;
      const nearer = this.#layers.slice(0, depth);
      if (nearer.length > 0) background(Promise.all(nearer.map((other) => this.#put(other, key, embedding))));
      return { embedding, from: layer.name };
    }
    return undefined;
  }

  /** Writes to every layer. Resolves when all have it, or have failed. */
  async keep(key: EmbeddingKey, embedding: Embedding): Promise<void> {
    await Promise.all(this.#layers.map((layer) => this.#put(layer, key, embedding)));
  }

  async #get(layer: EmbeddingLayer, key: EmbeddingKey): Promise<Embedding | undefined> {
    try {
      return await layer.get(key);
    } catch (error) {
      this.#failed(layer.name, "get", error);
      return undefined;
    }
  }

  async #put(layer: EmbeddingLayer, key: EmbeddingKey, embedding: Embedding): Promise<void> {
    try {
      await layer.put(key, embedding);
    } catch (error) {
      this.#failed(layer.name, "put", error);
    }
  }
}
