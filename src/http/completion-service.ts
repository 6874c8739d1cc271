/** A picture to what goes with it: one forward pass of the shared backbone, then the compatibility head. */
import { sha256Hex } from "../media/sha256.ts";
import {
  type ImageEmbeddingManifest,
  type LookCompatibilityManifest,
  pinnedName,
} from "../runtime/manifest.ts";
import { CompatibilityHead, type SceneQueries } from "../vision/complete-the-look.ts";
import { ImageEmbedder, type Inference } from "../vision/unified-embedding.ts";
import type { ByteCache } from "./cache/byte-cache.ts";
import type { CacheOutcome, WorkScope } from "./context.ts";
import { fromFloat32Bytes, toFloat32Bytes } from "./embedding-bytes.ts";
import { FLIGHT_PATIENCE, MAX_FLIGHTS } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { PictureInput } from "./picture-input.ts";
import type { PicturePipeline } from "./picture-pipeline.ts";
import type { Sha256 } from "./sha256.ts";
import { SingleFlight } from "./single-flight.ts";

export interface CompletionServiceOptions {
  readonly head: LookCompatibilityManifest;
  /** The model whose feature map the head reads. */
  readonly backbone: ImageEmbeddingManifest;
  readonly inference: Inference;
  readonly pipeline: PicturePipeline;
  readonly bytesFor: (origin: string | undefined) => ByteCache;
  readonly metrics: Metrics;
}

/** What a scene asks of products, by category. */
export interface Completion {
  readonly sha256: Sha256;
  readonly queries: SceneQueries;
  readonly cache: CacheOutcome;
}

export class CompletionService {
  readonly #options: CompletionServiceOptions;
  readonly #flights = new SingleFlight<SceneQueries>({ capacity: MAX_FLIGHTS, patience: FLIGHT_PATIENCE });

  constructor(options: CompletionServiceOptions) {
    this.#options = options;
  }

  get manifest(): LookCompatibilityManifest {
    return this.#options.head;
  }

  /** Hands over the picture as something that can be read twice: one at an address is fetched once. */
  withPicture<Result>(
    input: PictureInput,
    scope: WorkScope,
    use: (input: PictureInput) => Promise<Result>,
  ): Promise<Result> {
    if (input.kind !== "address") return use(input);
    return this.#options.pipeline.read(input, scope, (bytes) => use({ kind: "bytes", bytes }));
  }

  /**
   * The scene's queries and attention, for all categories at once. Stored when this resolves.
   * @throws the picture's own problem, {OverloadedError}, and the inference client's problems
   */
  async read(input: PictureInput, scope: WorkScope): Promise<Completion> {
    const { pipeline, bytesFor, head } = this.#options;
    return pipeline.read(input, scope, async (bytes) => {
      const sha256 = await scope.clock.time("hash", () => sha256Hex(bytes));
      const path = `looks/${pinnedName(head)}/${sha256}`;
      const found = await scope.clock.time("lookup", () =>
        bytesFor(scope.origin).find(path, scope.background),
      );
      const known = found && queriesFrom(found.bytes, head);
      if (known) return { sha256, queries: known, cache: found.from };
      const flight = this.#flights.join(path);
      if (!flight.own) {
        const shared = await scope.clock.time("wait", () => flight.wait()).catch(() => undefined);
        return { sha256, queries: shared ?? (await this.#compute(bytes, path, scope)), cache: "miss" };
      }
      try {
        const queries = await this.#compute(bytes, path, scope);
        flight.land(queries);
        return { sha256, queries, cache: "miss" };
      } catch (error) {
        flight.crash(error);
        throw error;
      }
    });
  }

  async #compute(bytes: Uint8Array, path: string, scope: WorkScope): Promise<SceneQueries> {
    const { pipeline, backbone, head, inference, bytesFor, metrics } = this.#options;
    const { signal, clock } = scope;
    const embedder = new ImageEmbedder(backbone, inference);
    const tensor = await pipeline.decode(bytes, scope, (picture) => embedder.tensorOf(picture));
    const [queries] = await clock.time("infer", async () => {
      const { maps } = await embedder.embedWithMaps([tensor], { signal });
      return new CompatibilityHead(head, inference).scenes(maps[head.compatibility.map]!, { signal });
    });
    metrics.inferences.add({ model: backbone.name, result: "ok" });
    metrics.inferences.add({ model: head.name, result: "ok" });
    await clock.time("store", () => bytesFor(scope.origin).keep(path, queriesToBytes(queries!)));
    return queries!;
  }
}

/** Little-endian float32: the scene, the queries, the attention. */
function queriesToBytes({ scene, queries, attention }: SceneQueries): Uint8Array<ArrayBuffer> {
  return toFloat32Bytes(Float32Array.from([scene, ...queries, ...attention].flatMap((row) => [...row])));
}

/** The inverse; nothing when the bytes are of another length or not finite. */
function queriesFrom(
  bytes: ArrayBuffer,
  { compatibility: { categories, dimensions, regions } }: LookCompatibilityManifest,
): SceneQueries | undefined {
  const rows = [
    dimensions,
    ...categories.map(() => dimensions),
    ...categories.map(() => regions[0] * regions[1]),
  ];
  const values = fromFloat32Bytes(bytes);
  if (values?.length !== rows.reduce((total, length) => total + length, 0)) return undefined;
  if (!values.every(Number.isFinite)) return undefined;
  let at = 0;
  const [scene, ...rest] = rows.map((length) => {
    at += length;
    return values.slice(at - length, at);
  });
  return {
    scene: scene!,
    queries: rest.slice(0, categories.length),
    attention: rest.slice(categories.length),
  };
}
