/** One picture on its way to the model: bytes, content address, look into the cache, pixels, tensor. */

import { parseDataUrl } from "../media/data-url.ts";
import { decodePicture } from "../media/decode.ts";
import { type FetchPictureOptions, fetchPicture } from "../media/fetch-picture.ts";
import type { CropBox, Picture } from "../media/picture.ts";
import { sha256Hex } from "../media/sha256.ts";
import type { Embedding, ImageEmbedder, PixelTensor } from "../vision/unified-embedding.ts";
import type { EmbeddingCache } from "./cache/embedding-cache.ts";
import { type EmbeddingKey, embeddingPath } from "./cache/embedding-key.ts";
import type { CacheOutcome, WorkScope } from "./context.ts";
import type { Gate } from "./gate.ts";
import { breathe } from "./millis.ts";
import type { PictureInput } from "./picture-input.ts";
import type { Sha256 } from "./sha256.ts";
import type { OwnFlight, SharedFlight, SingleFlight } from "./single-flight.ts";

/** A picture's embedding, and where it came from. */
export interface EmbeddedPicture {
  readonly sha256: Sha256;
  readonly embedding: Embedding;
  readonly cache: CacheOutcome;
}

/** How far a picture got without the model. */
export type Prepared =
  | { readonly state: "found"; readonly picture: EmbeddedPicture }
  | { readonly state: "shared"; readonly key: EmbeddingKey; readonly flight: SharedFlight<Embedding> }
  | {
      readonly state: "ready";
      readonly key: EmbeddingKey;
      readonly flight: OwnFlight<Embedding>;
      readonly tensor: PixelTensor;
    };

/** One request's work with one model. */
export interface EmbeddingJob {
  readonly embedder: ImageEmbedder;
  readonly cache: EmbeddingCache;
  readonly scope: WorkScope;
}

export interface PipelineOptions {
  /** Around everything that holds a picture from the network in memory. */
  readonly fetches: Gate;
  /** Around everything that holds pixels in memory. */
  readonly decodes: Gate;
  readonly flights: SingleFlight<Embedding>;
  /** Which addresses pictures may come from. */
  readonly addresses: FetchPictureOptions;
}

export class PicturePipeline {
  readonly #options: PipelineOptions;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /**
   * Goes as far as possible without the model.
   * @throws the media library's problems, when the picture cannot be read or decoded
   * @throws {OverloadedError}
   */
  async prepare(input: PictureInput, job: EmbeddingJob): Promise<Prepared> {
    return this.read(input, job.scope, async (bytes) => {
      const { scope, embedder, cache } = job;
      const { name: model, revision, output } = embedder.manifest;
      const sha256 = await scope.clock.time("hash", () => sha256Hex(bytes));
      const key: EmbeddingKey = { model, revision, sha256 };
      const found = await scope.clock.time("lookup", () =>
        cache.find(key, scope.background, output.dimensions),
      );
      if (found) {
        return { state: "found", picture: { sha256, embedding: found.embedding, cache: found.from } };
      }
      const flight = this.#options.flights.join(embeddingPath(key));
      if (!flight.own) return { state: "shared", key, flight };
      try {
        return { state: "ready", key, flight, tensor: await this.#tensor(bytes, embedder, scope) };
      } catch (error) {
        flight.crash(error);
        throw error;
      }
    });
  }

  /**
   * The model's input for a picture or a part of one, whatever the cache has. Parts are not looked up: hardly any
   * comes twice.
   * @throws as `prepare`, and {InvalidCropError}
   */
  async prepareCrop(
    input: PictureInput,
    crop: CropBox | undefined,
    { embedder, scope }: Pick<EmbeddingJob, "embedder" | "scope">,
  ): Promise<{ readonly sha256: Sha256; readonly tensor: PixelTensor }> {
    return this.read(input, scope, async (bytes) => ({
      sha256: await scope.clock.time("hash", () => sha256Hex(bytes)),
      tensor: await this.#tensor(bytes, embedder, scope, crop),
    }));
  }

  /**
   * Reads a picture's bytes, from wherever they are, and hands them to `use`; those from the network are bounded
   * until it ends.
   * @throws the media library's problems, when the picture cannot be read  @throws {OverloadedError}
   */
  async read<Result>(
    input: PictureInput,
    { clock, signal }: WorkScope,
    use: (bytes: Uint8Array) => Promise<Result>,
  ): Promise<Result> {
    switch (input.kind) {
      case "data-url":
        return use(await clock.time("read", () => parseDataUrl(input.url).bytes));
      case "file":
        return use(await clock.time("read", async () => new Uint8Array(await input.file.arrayBuffer())));
      case "bytes":
        return use(input.bytes);
      case "address": {
        const leave = await clock.time("wait", () => this.#options.fetches.enter());
        try {
          const { addresses } = this.#options;
          const { bytes } = await clock.time("fetch", () =>
            fetchPicture(input.url, { ...addresses, signal }),
          );
          return await use(bytes);
        } finally {
          leave();
        }
      }
    }
  }

  #tensor(
    bytes: Uint8Array,
    embedder: ImageEmbedder,
    scope: WorkScope,
    crop?: CropBox,
  ): Promise<PixelTensor> {
    return this.decode(bytes, scope, (picture) => embedder.tensorOf(picture, crop));
  }

  /**
   * Decodes a picture and hands its pixels to `use`, which must not keep them: there is room for one at a time.
   * @throws the media library's problems, when the picture cannot be decoded  @throws {OverloadedError}
   */
  async decode<Result>(
    bytes: Uint8Array,
    scope: WorkScope,
    use: (picture: Picture) => Result,
  ): Promise<Result> {
    const { clock, signal } = scope;
    const leave = await clock.time("wait", () => this.#options.decodes.enter());
    try {
      signal.throwIfAborted();
      const picture = await clock.time("decode", async () => {
        const decoded = await decodePicture(bytes, { signal });
        await breathe();
        return decoded;
      });
      return await clock.time("resize", () => use(picture));
    } finally {
      leave();
    }
  }
}
