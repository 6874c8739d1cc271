/** Bytes under content addresses: the Cache API of the location first, then R2, as embeddings are kept. */

import type { Bucket } from "./bucket-layer.ts";
import type { EdgeCache } from "./edge-layer.ts";
import type { LayerFailure } from "./embedding-cache.ts";
import type { LayerName } from "./embedding-layer.ts";

export interface ByteCacheOptions {
  readonly edge?: EdgeCache | undefined;
  /** Origin that copies in the Cache API belong to; none: they are not looked for. */
  readonly origin: string | undefined;
  readonly bucket?: Bucket | undefined;
  readonly failed: LayerFailure;
}

export interface CachedBytes {
  readonly bytes: ArrayBuffer;
  readonly from: LayerName;
}

/** A layer that fails is a layer that has nothing. */
export class ByteCache {
  readonly #options: ByteCacheOptions;

  constructor(options: ByteCacheOptions) {
    this.#options = options;
  }

  /** Looks at the edge, then in the store; what only the store has is copied to the edge in `background`. */
  async find(path: string, background: (work: Promise<unknown>) => void): Promise<CachedBytes | undefined> {
    const { edge, origin, bucket } = this.#options;
    if (edge && origin !== undefined) {
      const near = await this.#tried("edge", "get", async () =>
        (await edge.match(urlOf(origin, path)))?.arrayBuffer(),
      );
      if (near) return { bytes: near, from: "edge" };
    }
    const far =
      bucket && (await this.#tried("store", "get", async () => (await bucket.get(path))?.arrayBuffer()));
    if (!far) return undefined;
    background(this.#toEdge(path, new Uint8Array(far)));
    return { bytes: far, from: "store" };
  }

  /** Writes everywhere. Resolves when all layers have it, or have failed. */
  async keep(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { bucket } = this.#options;
    const toStore = () =>
      bucket?.put(path, bytes, {
        httpMetadata: { contentType: "application/octet-stream" },
        customMetadata: {},
      });
    await Promise.all([this.#toEdge(path, bytes), this.#tried("store", "put", async () => toStore())]);
  }

  async #toEdge(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { edge, origin } = this.#options;
    if (!edge || origin === undefined) return;
    const headers = {
      "content-type": "application/octet-stream",
      "cache-control": "public, max-age=31536000, immutable",
    };
    await this.#tried("edge", "put", () => edge.put(urlOf(origin, path), new Response(bytes, { headers })));
  }

  async #tried<Result>(
    layer: LayerName,
    action: "get" | "put",
    work: () => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#options.failed(layer, action, error);
      return undefined;
    }
  }
}

const urlOf = (origin: string, path: string) => `${origin}/v1/${path}?layer=edge`;
