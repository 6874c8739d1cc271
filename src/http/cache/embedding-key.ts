/** Content addresses: the same bytes under the same model revision have the same embedding, forever. */
import type { Sha256 } from "../sha256.ts";

export interface EmbeddingKey {
  readonly model: string;
  readonly revision: string;
  /** Of the picture's bytes as they were received. */
  readonly sha256: Sha256;
}

/** The path of an embedding in the API, and by the same words in every layer of the cache. */
export function embeddingPath({ model, revision, sha256 }: EmbeddingKey): string {
  return `embeddings/${model}@${revision}/${sha256}`;
}
