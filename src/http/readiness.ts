/** Whether a picture becomes an embedding here, found out by doing it. */
import { parseDataUrl } from "../media/data-url.ts";
import { decodePicture } from "../media/decode.ts";
import { toTensor } from "../media/tensor.ts";
import { Problem } from "../problem.ts";
import { exampleTensor } from "../runtime/example-tensor.ts";
import { inputsOf, type ModelManifest, pinnedName } from "../runtime/manifest.ts";
import { ImageEmbedder, type Inference } from "../vision/unified-embedding.ts";
import { READY_FOR } from "./limits.ts";
import type { Millis } from "./millis.ts";
import type { ModelRegistry } from "./model-registry.ts";
import { PROBE_PICTURE } from "./probe-picture.ts";

/** Pictures cannot be embedded now. */
export class NotReadyError extends Problem {
  constructor(detail: string, cause?: unknown) {
    super({
      status: 503,
      code: "not-ready",
      title: "Not ready",
      detail,
      hint: "The first request after a start loads the models; ask again in a few seconds.",
      retryAfter: 2,
      cause,
    });
  }
}

export interface ReadyModel {
  readonly id: string;
  /** Of the probe, through decoder and model host. */
  readonly ms: Millis;
}

interface Probe {
  readonly at: number;
  readonly models: readonly ReadyModel[];
}

/** Runs the built-in picture through every model; a success stands for `READY_FOR`. */
export class Readiness {
  readonly #models: ModelRegistry;
  readonly #inference: Inference;
  #last: Probe | undefined;

  constructor(models: ModelRegistry, inference: Inference) {
    this.#models = models;
    this.#inference = inference;
  }

  /** @throws {NotReadyError} */
  async check(signal: AbortSignal): Promise<readonly ReadyModel[]> {
    if (this.#last && Date.now() - this.#last.at < READY_FOR) return this.#last.models;
    const manifests = this.#models.all();
    if (manifests.length === 0) throw new NotReadyError("No model is deployed here.");
    const models: ReadyModel[] = [];
    for (const manifest of manifests) {
      const start = performance.now();
      try {
        await this.#probe(manifest, signal);
      } catch (error) {
        signal.throwIfAborted();
        const reason = error instanceof Problem ? error.message : "the probe failed";
        throw new NotReadyError(`${pinnedName(manifest)}: ${reason}`, error);
      }
      models.push({ id: pinnedName(manifest), ms: Math.round((performance.now() - start) * 10) / 10 });
    }
    this.#last = { at: Date.now(), models };
    return models;
  }

  async #probe(manifest: ModelManifest, signal: AbortSignal): Promise<void> {
    if (!("preprocess" in manifest)) {
      const inputs = inputsOf(manifest).map((input) => [input.name, exampleTensor(input, 1)]);
      await this.#inference.infer(pinnedName(manifest), Object.fromEntries(inputs), { signal });
      return;
    }
    const picture = await decodePicture(parseDataUrl(PROBE_PICTURE).bytes, { signal });
    if (manifest.task === "image-embedding") {
      const embedder = new ImageEmbedder(manifest, this.#inference);
      await embedder.embed([embedder.tensorOf(picture)], { signal });
    } else {
      const pixels = toTensor(picture, manifest.preprocess);
      await this.#inference.infer(pinnedName(manifest), { [manifest.input.name]: pixels }, { signal });
    }
  }
}
