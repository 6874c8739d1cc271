/** Which models there are, found by `name` or `name@revision`. */
import type { Space } from "../catalog/shard/protocol.ts";
import { Problem } from "../problem.ts";
import {
  type EmbeddingFusionManifest,
  type ImageEmbeddingManifest,
  type LookCompatibilityManifest,
  type ModelManifest,
  pinnedName,
  type TextEmbeddingManifest,
} from "../runtime/manifest.ts";

/** A model reference as clients write it; the revision may be an older one. */
export interface ModelReference {
  readonly name: string;
  readonly revision: string | undefined;
}

/** `name` or `name@revision`, as `ModelManifest` writes both. */
export const MODEL_REFERENCE = /^([a-z0-9][a-z0-9.-]{0,62})(?:@([0-9a-f]{12}))?$/;

/** Characters of a reference: a name of 63, an @, a revision of 12. */
export const MAX_MODEL_REFERENCE = 76;

/** No such model here. OpenAI's API answers 404 too. */
export class UnknownModelError extends Problem {
  constructor(reference: string, known: readonly string[]) {
    super({
      status: 404,
      code: "model-not-found",
      title: "No such model",
      detail: `There is no model ${JSON.stringify(reference.slice(0, 80))}.`,
      hint: known.length > 0 ? `Models here: ${known.join(", ")}.` : "No model is deployed here.",
    });
  }
}

/** The model is here, in another revision than the one asked for. */
export class RevisionNotServedError extends Problem {
  constructor(reference: string, current: string) {
    super({
      status: 404,
      code: "model-revision-not-served",
      title: "The model is served in another revision",
      detail: `${reference} is not served here any more, or not yet.`,
      hint: `Ask for ${current}, or for the name alone to get the current revision.`,
    });
  }
}

/** The model is here, but it answers something else than vectors. */
export class NotAnEmbeddingModelError extends Problem {
  constructor({ name, task }: Pick<ModelManifest, "name" | "task">, known: readonly string[]) {
    super({
      status: 400,
      code: "not-an-embedding-model",
      title: "The model makes no embeddings",
      detail: `${name} is a model for ${task}.`,
      hint: `Models that make embeddings: ${known.join(", ") || "none"}.`,
    });
  }
}

/** How clients name the model of a space. */
export function modelOf({ model, revision }: Space): string {
  return pinnedName({ name: model, revision });
}

/** The model for what goes together that takes one of the embedding model's maps. */
export function headFor(
  embedding: ImageEmbeddingManifest,
  manifests: readonly ModelManifest[],
): LookCompatibilityManifest | undefined {
  const maps = embedding.maps?.map(({ name }) => name) ?? [];
  return manifests
    .filter((manifest) => manifest.task === "look-compatibility")
    .find(({ compatibility: { backbone, map } }) => backbone === pinnedName(embedding) && maps.includes(map));
}

export class ModelRegistry {
  readonly #all: readonly ModelManifest[];
  readonly #current = new Map<string, ModelManifest>();

  /** @param manifests of several revisions of a model the first is the current one */
  constructor(manifests: readonly ModelManifest[]) {
    this.#all = manifests;
    for (const one of manifests) if (!this.#current.has(one.name)) this.#current.set(one.name, one);
  }

  /** The current revision of every model. */
  list(): ModelManifest[] {
    return [...this.#current.values()];
  }

  /** Every model in every revision that is here, the current one of each before its older ones. */
  all(): readonly ModelManifest[] {
    return this.#all;
  }

  /** @throws {UnknownModelError} when it is not a reference to a model here. */
  parse(reference: string): ModelReference {
    const [, name, revision] = MODEL_REFERENCE.exec(reference) ?? [];
    if (name === undefined || !this.#current.has(name)) throw this.#unknown(reference);
    return { name, revision };
  }

  /**
   * The model that can compute what is asked for.
   * @throws {UnknownModelError} @throws {RevisionNotServedError}
   */
  find(reference: string): ModelManifest {
    const { name, revision } = this.parse(reference);
    const current = this.current(name);
    if (revision === undefined) return current;
    const manifest = this.#all.find((one) => one.name === name && one.revision === revision);
    if (!manifest) throw new RevisionNotServedError(reference, pinnedName(current));
    return manifest;
  }

  /**
   * The embedding model that can compute what is asked for.
   * @throws {UnknownModelError} @throws {RevisionNotServedError} @throws {NotAnEmbeddingModelError}
   */
  findEmbedding(reference: string): ImageEmbeddingManifest {
    return this.#embedding(this.find(reference));
  }

  /** The current revision of an embedding model. @throws {UnknownModelError} @throws {NotAnEmbeddingModelError} */
  currentEmbedding(name: string): ImageEmbeddingManifest {
    return this.#embedding(this.current(name));
  }

  /** Embedding models that take text too. */
  joint(): ImageEmbeddingManifest[] {
    return this.list().filter(
      (one): one is ImageEmbeddingManifest => "joint" in one && one.joint !== undefined,
    );
  }

  /**
   * The model for texts in the space of a joint embedding model.
   * @throws {UnknownModelError} {RevisionNotServedError} when it is not deployed beside it
   */
  textOf({ name, joint }: ImageEmbeddingManifest): TextEmbeddingManifest {
    const manifest = this.find(joint?.text ?? `${name}-text`);
    if (manifest.task !== "text-embedding") throw this.#unknown(manifest.name);
    return manifest;
  }

  /** The model that joins both. @throws as `textOf` */
  fusionOf({ name, joint }: ImageEmbeddingManifest): EmbeddingFusionManifest {
    const manifest = this.find(joint?.fusion ?? `${name}-fusion`);
    if (manifest.task !== "embedding-fusion") throw this.#unknown(manifest.name);
    return manifest;
  }

  /** @throws {UnknownModelError} */
  current(name: string): ModelManifest {
    const manifest = this.#current.get(name);
    if (!manifest) throw this.#unknown(name);
    return manifest;
  }

  #embedding(manifest: ModelManifest): ImageEmbeddingManifest {
    if (manifest.task === "image-embedding") return manifest;
    const known = this.list().filter(({ task }) => task === "image-embedding");
    throw new NotAnEmbeddingModelError(manifest, known.map(pinnedName));
  }

  #unknown(reference: string): UnknownModelError {
    return new UnknownModelError(reference, this.list().map(pinnedName));
  }
}
