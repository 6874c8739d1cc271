/** R2 as a layer: every embedding ever computed, for all locations. */
import { fromFloat32Bytes, toFloat32Bytes } from "../embedding-bytes.ts";
import { embeddingPath } from "./embedding-key.ts";
import type { EmbeddingLayer } from "./embedding-layer.ts";

/** What is used of an R2 bucket. */
export interface Bucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  put(
    key: string,
    value: Uint8Array<ArrayBuffer>,
    options: { httpMetadata: { contentType: string }; customMetadata: Record<string, string> },
  ): Promise<unknown>;
}

export function bucketLayer(bucket: Bucket): EmbeddingLayer {
  return {
    name: "store",
    async get(key) {
      const object = await bucket.get(embeddingPath(key));
      return object ? fromFloat32Bytes(await object.arrayBuffer()) : undefined;
    },
    async put(key, embedding) {
      await bucket.put(embeddingPath(key), toFloat32Bytes(embedding), {
        httpMetadata: { contentType: "application/octet-stream" },
        customMetadata: {
          model: key.model,
          revision: key.revision,
          sha256: key.sha256,
          dimensions: String(embedding.length),
          datatype: "FP32",
        },
      });
    },
  };
}
