/** The Cache API as a layer: the copies in one Cloudflare location. */
import type { Embedding } from "../../vision/unified-embedding.ts";
import { fromFloat32Bytes, toFloat32Bytes } from "../embedding-bytes.ts";
import { type EmbeddingKey, embeddingPath } from "./embedding-key.ts";
import type { EmbeddingLayer } from "./embedding-layer.ts";

/** What is used of the standard `Cache`. */
export interface EdgeCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

/** Keeps embeddings under URLs of the API's own origin, where a purge by URL finds them. */
export function edgeLayer(cache: EdgeCache, origin: string): EmbeddingLayer {
  const urlOf = (key: EmbeddingKey) => `${origin}/v1/${embeddingPath(key)}?layer=edge`;
  return {
    name: "edge",
    async get(key) {
      const response = await cache.match(urlOf(key));
      return response && fromFloat32Bytes(await response.arrayBuffer());
    },
    async put(key, embedding: Embedding) {
      const headers = {
        "content-type": "application/octet-stream",
        "cache-control": "public, max-age=31536000, immutable",
      };
      await cache.put(urlOf(key), new Response(toFloat32Bytes(embedding), { headers }));
    },
  };
}
