/** One layer of the embedding cache; `embedding-cache.ts` stacks them. */
import type { Embedding } from "../../vision/unified-embedding.ts";
import type { EmbeddingKey } from "./embedding-key.ts";

export type LayerName = "edge" | "store";

export interface EmbeddingLayer {
  readonly name: LayerName;
  /** The embedding, or nothing when it is not here or broken. */
  get(key: EmbeddingKey): Promise<Embedding | undefined>;
  /** Keeps it. Writing the same key again changes nothing that a reader could see. */
  put(key: EmbeddingKey, embedding: Embedding): Promise<void>;
}
