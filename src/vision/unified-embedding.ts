/** Pictures to embeddings: input tensors, the model host's answer, unit vectors, sign codes, prefixes. */
import type { InferenceClient } from "../inference/client.ts";
import type { CropBox, Picture } from "../media/picture.ts";
import { toTensor } from "../media/tensor.ts";
import { Problem } from "../problem.ts";
import type { ImageEmbeddingManifest, ModelManifest } from "../runtime/manifest.ts";
import { pinnedName } from "../runtime/manifest-revision.ts";
import type { Tensor, Tensors } from "../runtime/tensor.ts";

/** A vector of unit length. */
export type Embedding = Float32Array<ArrayBuffer>;

/** Eight signs a byte, most significant bit first; a bit is 1 where the component is above 0. */
export type PackedBits = Uint8Array<ArrayBuffer>;

/** The one thing asked of an inference client. */
export type Inference = Pick<InferenceClient, "infer">;

/** Pixels as a model takes them, a batch of one. */
export type PixelTensor = Extract<Tensor, { datatype: "UINT8" | "FP32" }>;

export interface EmbedOptions {
  readonly signal?: AbortSignal;
}

/** What one run of a model says of a batch of pictures. */
export interface EmbeddedWithMaps {
  readonly embeddings: Embedding[];
  /** Feature maps by name, the batch first. */
  readonly maps: Tensors;
}

/** The model answered something that is not an embedding of its manifest. */
export class UnexpectedOutputError extends Problem {
  constructor(model: string, detail: string, cause?: unknown) {
    super({
      status: 502,
      code: "unexpected-model-output",
      title: "The model host's answer does not fit the model's manifest",
      detail: `${model}: ${detail}`,
      hint: "Check that the model host serves the revision that this API was built with.",
      cause,
    });
  }
}

/**
 * Asks a model host with tensors that were made on this side: what it finds wrong with them is this side's mistake, not
 * the mistake of who sent a picture or a text.
 * @throws {UnexpectedOutputError} when an output is missing, too
 */
export async function inferOwn(
  inference: Inference,
  manifest: Pick<ModelManifest, "name" | "revision">,
  inputs: Tensors,
  { outputs, ...options }: EmbedOptions & { readonly outputs: string[] },
): Promise<Tensors> {
  const model = pinnedName(manifest);
  try {
    const answer = await inference.infer(model, inputs, { outputs, ...options });
    const missing = outputs.find((output) => !answer[output]);
    if (missing !== undefined) throw new UnexpectedOutputError(model, `no output ${missing}`);
    return answer;
  } catch (error) {
    const blamesCaller = error instanceof Problem && error.status >= 400 && error.status < 500;
    throw blamesCaller ? new UnexpectedOutputError(model, error.message, error) : error;
  }
}

/**
 * The unit vectors that a model answered for `count` inputs.
 * @throws {UnexpectedOutputError} when they are not as its manifest says
 */
export function embeddingsOf(
  answer: Tensors,
  { name, output }: Pick<ImageEmbeddingManifest, "name" | "output">,
  count: number,
): Embedding[] {
  const tensor = answer[output.name]!;
  const expected = [count, output.dimensions];
  if (tensor.datatype !== "FP32" || tensor.shape.join() !== expected.join()) {
    const got = `${tensor.datatype} [${tensor.shape.join(", ")}]`;
    throw new UnexpectedOutputError(name, `${output.name} is ${got}, not FP32 [${expected.join(", ")}]`);
  }
  const { data } = tensor;
  return Array.from({ length: count }, (_, index) => {
    const vector = data.slice(index * output.dimensions, (index + 1) * output.dimensions);
    const embedding = unit(vector);
    if (!embedding) throw new UnexpectedOutputError(name, `${output.name} has no direction`);
    return embedding;
  });
}

/**
 * Embeds pictures with one image-embedding model, whichever its manifest describes.
 *
 * @example
 * ```ts
 * const embedder = new ImageEmbedder(manifest, inference);
 * const [embedding] = await embedder.embed([embedder.tensorOf(picture)]);
 * const code = signCode(embedding);
 * ```
 */
export class ImageEmbedder {
  readonly manifest: ImageEmbeddingManifest;
  readonly #inference: Inference;

  constructor(manifest: ImageEmbeddingManifest, inference: Inference) {
    this.manifest = manifest;
    this.#inference = inference;
  }

  /** The model's input for one picture, or for a part of it. @throws {InvalidCropError} */
  tensorOf(picture: Picture, crop?: CropBox): PixelTensor {
    const tensor = toTensor(picture, this.manifest.preprocess, crop);
    if (tensor.datatype === "UINT8" || tensor.datatype === "FP32") return tensor;
    throw new RangeError(`pictures are ${tensor.datatype}: neither bytes nor floats`);
  }

  /**
   * Runs the model once on a batch of inputs from `tensorOf`; answers in their order.
   * @throws {UnexpectedOutputError} when the answer does not fit the manifest.
   */
  async embed(inputs: readonly PixelTensor[], options: EmbedOptions = {}): Promise<Embedding[]> {
    const { output } = this.manifest;
    const answer = await this.#infer(inputs, [output.name], options);
    return embeddingsOf(answer, this.manifest, inputs.length);
  }

  /**
   * The same run, with the feature maps that the manifest declares: tensors of n×(a map), by name.
   * @throws {UnexpectedOutputError} when the answer does not fit the manifest.
   */
  async embedWithMaps(inputs: readonly PixelTensor[], options: EmbedOptions = {}): Promise<EmbeddedWithMaps> {
    const { name, output, maps: declared = [] } = this.manifest;
    const answer = await this.#infer(inputs, [output.name, ...declared.map((map) => map.name)], options);
    const embeddings = embeddingsOf(answer, this.manifest, inputs.length);
    const maps = declared.map((map): [string, Tensor] => {
      const tensor = answer[map.name]!;
      const expected = [inputs.length, ...map.shape.slice(1)].join(", ");
      if (tensor.datatype !== map.datatype || tensor.shape.join(", ") !== expected) {
        const got = `${tensor.datatype} [${tensor.shape.join(", ")}]`;
        throw new UnexpectedOutputError(name, `${map.name} is ${got}, not ${map.datatype} [${expected}]`);
      }
      return [map.name, tensor];
    });
    return { embeddings, maps: Object.fromEntries(maps) };
  }

  #infer(inputs: readonly PixelTensor[], outputs: string[], options: EmbedOptions): Promise<Tensors> {
    const { input } = this.manifest;
    return inferOwn(this.#inference, this.manifest, { [input.name]: stack(inputs) }, { outputs, ...options });
  }
}

/**
 * The first `dimensions` components, scaled to unit length again.
 * Means something only for lengths that the model was trained for: its manifest's `prefixes`.
 */
export function prefix(embedding: Embedding, dimensions: number): Embedding {
  if (dimensions === embedding.length) return embedding;
  if (dimensions < 1 || dimensions > embedding.length) {
    throw new RangeError(`a vector of ${embedding.length} has no prefix of ${dimensions}`);
  }
  const head = embedding.slice(0, dimensions);
  return unit(head) ?? head;
}

/** The sign code of a vector: ⌈n/8⌉ bytes, missing bits of the last byte 0. */
export function signCode(embedding: Embedding): PackedBits {
  const code = new Uint8Array(Math.ceil(embedding.length / 8));
  for (const [index, value] of embedding.entries()) {
    if (value > 0) code[index >> 3]! |= 0x80 >> (index & 7);
  }
  return code;
}

/** The vector scaled to length 1, or nothing when it is zero or not finite. */
export function unit(vector: Float32Array): Embedding | undefined {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length) || length === 0) return undefined;
  return Float32Array.from(vector, (value) => value / length);
}

/** Joins inputs of one shape along their first dimension. */
function stack(tensors: readonly PixelTensor[]): PixelTensor {
  const [first] = tensors;
  if (!first) throw new RangeError("nothing to embed");
  if (tensors.length === 1) return first;
  const total = tensors.reduce((length, tensor) => length + tensor.data.length, 0);
  const data = first.datatype === "UINT8" ? new Uint8Array(total) : new Float32Array(total);
  let offset = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, offset);
    offset += tensor.data.length;
  }
  const shape = [tensors.length, ...first.shape.slice(1)];
  return { datatype: first.datatype, shape, data } as PixelTensor;
}
