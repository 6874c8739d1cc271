/** What a model must prove before it is added: that its manifest is true, and that it embeds pictures. */
import * as z from "zod";
import { toTensor } from "../media/tensor.ts";
import { reasonOf } from "../runtime/errors.ts";
import { exampleTensor } from "../runtime/example-tensor.ts";
import { revisionOf } from "../runtime/integrity.ts";
import {
  AnyManifest,
  type ImageEmbeddingManifest,
  inputsOf,
  isHosted,
  type ModelManifest,
  type ObjectDetectionManifest,
  outputsOf,
  type Precision,
  type TextEmbeddingManifest,
} from "../runtime/manifest.ts";
import type { Runtime, Session } from "../runtime/session.ts";
import type { Tensors } from "../runtime/tensor.ts";
import { shapeFits } from "../runtime/validate.ts";
import { InvalidManifestError } from "./model-folder.ts";

/** How far the length of a vector called normalised may be from 1: fp16 weights keep three digits. */
const NORM_TOLERANCE = 1e-2;

/** Two test pictures that have nothing in common get vectors that differ at least so much somewhere. */
const DISTINCT = 1e-4;

/**
 * Reads a manifest, checking whatever can be checked without its files.
 * @throws {InvalidManifestError} naming every member that is wrong.
 */
export async function checkManifest(text: string, location: string): Promise<AnyManifest> {
  const parsed = AnyManifest.safeParse(parseJson(text, location));
  if (!parsed.success) throw new InvalidManifestError(location, z.prettifyError(parsed.error));
  const manifest = parsed.data;
  const wrong = isHosted(manifest) ? contradictions(manifest) : [];
  const revision = await revisionOf(manifest);
  if (manifest.revision !== revision) {
    wrong.push(`revision is ${manifest.revision}, but the contents make it ${revision}`);
  }
  if (wrong.length > 0) throw new InvalidManifestError(location, wrong.join("\n"));
  return manifest;
}

export function parseJson(text: string, location: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidManifestError(location, `not JSON: ${reasonOf(error)}`);
  }
}

/** Members of a manifest that do not go together. */
function contradictions(manifest: ModelManifest): string[] {
  switch (manifest.task) {
    case "image-embedding":
      return [...pictureContradictions(manifest), ...embeddingContradictions(manifest)];
    case "text-embedding":
      return [...textContradictions(manifest), ...embeddingContradictions(manifest)];
    case "embedding-fusion":
    case "item-embedding":
      return embeddingContradictions(manifest);
    case "object-detection":
      return [...pictureContradictions(manifest), ...detectionContradictions(manifest)];
    case "look-compatibility":
      return manifest.input.datatype === "FP32"
        ? []
        : [`input.datatype is ${manifest.input.datatype}; feature maps are FP32`];
    case "ranking":
      return manifest.input.datatype === "FP32"
        ? []
        : [`input.datatype is ${manifest.input.datatype}; features are FP32`];
  }
}

function pictureContradictions({
  input,
  preprocess,
}: ImageEmbeddingManifest | ObjectDetectionManifest): string[] {
  const wrong: string[] = [];
  const { width, height, layout, normalize } = preprocess;
  const picture = layout === "NCHW" ? [3, height, width] : [height, width, 3];
  if (
    ![
      [1, ...picture],
      [-1, ...picture],
    ].some((shape) => shape.join() === input.shape.join())
  ) {
    wrong.push(`input.shape is [${input.shape}], but preprocess makes [-1,${picture}]`);
  }
  const datatype = normalize ? "FP32" : "UINT8";
  if (input.datatype !== datatype)
    wrong.push(`input.datatype is ${input.datatype}, but preprocess makes ${datatype}`);
  return wrong;
}

function textContradictions({ input, text }: TextEmbeddingManifest): string[] {
  const wrong: string[] = [];
  if (input.datatype !== "INT32" || input.shape.length !== 2) {
    wrong.push(`input is ${input.datatype} [${input.shape}]; token numbers are INT32 [-1,-1]`);
  }
  for (const length of text.lengths ?? []) {
    if (length > text.max_tokens) wrong.push(`text.lengths has ${length}, above ${text.max_tokens}`);
  }
  return wrong;
}

function embeddingContradictions({ output }: Pick<ImageEmbeddingManifest, "output">): string[] {
  const wrong: string[] = [];
  if (output.datatype !== "FP32") wrong.push(`output.datatype is ${output.datatype}; embeddings are FP32`);
  if (output.shape.length !== 2 || output.shape[1] !== output.dimensions) {
    wrong.push(`output.shape is [${output.shape}], but output.dimensions makes [-1,${output.dimensions}]`);
  }
  for (const prefix of output.prefixes) {
    if (prefix >= output.dimensions)
      wrong.push(`output.prefixes has ${prefix}, not below ${output.dimensions}`);
  }
  return wrong;
}

function detectionContradictions({ outputs, preprocess, detection }: ObjectDetectionManifest): string[] {
  const { width, height } = preprocess;
  return detection.levels.flatMap(({ stride, boxes, objectness, classes, channels }) => {
    const depths = { [boxes]: 4, [objectness]: 1, [classes]: (channels ?? detection.categories).length };
    return Object.entries(depths).flatMap(([name, depth]) => {
      const wanted = [Math.ceil(height / stride), Math.ceil(width / stride), depth];
      const output = outputs.find((one) => one.name === name);
      if (!output) return [`detection.levels names "${name}", which is no output`];
      const fits = output.datatype === "FP32" && output.shape.slice(1).join() === wanted.join();
      return fits ? [] : [`"${name}" is ${output.datatype} [${output.shape}], not FP32 [-1,${wanted}]`];
    });
  });
}

/**
 * Runs one file of a model on two made-up inputs.
 * @returns the first output's values for the first of them: an embedding, as the model gave it.
 * @throws {InvalidManifestError} when what comes out is not what the manifest says.
 * @throws {ModelLoadError} {InferenceError} when the file does not load or run.
 */
export async function checkInference(
  runtime: Runtime,
  manifest: ModelManifest,
  precision: Precision,
  bytes: Uint8Array,
): Promise<Float32Array> {
  const session = await runtime.load(bytes, { manifest, precision });
  try {
    const [one, other] = [await answer(session, manifest, 1), await answer(session, manifest, 2)];
    if (one.every((value, index) => Math.abs(value - other[index]!) < DISTINCT)) {
      const [same, thing] =
        manifest.task === "image-embedding" ? ["embedding", "pictures"] : ["answer", "inputs"];
      throw new InvalidManifestError(
        `${manifest.name} (${precision})`,
        `two different ${thing} get the same ${same}`,
      );
    }
    return one;
  } finally {
    await session.dispose();
  }
}

async function answer(session: Session, manifest: ModelManifest, seed: number): Promise<Float32Array> {
  const declared = outputsOf(manifest);
  const answers = await session.run(
    testInputs(manifest, seed),
    declared.map(({ name }) => name),
  );
  const values = declared.map(({ name, datatype, shape }) => {
    const output = answers[name];
    const fail = (detail: string) => new InvalidManifestError(`${manifest.name}, output "${name}"`, detail);
    const expected = [1, ...shape.slice(1)];
    if (output?.datatype !== "FP32" || datatype !== "FP32" || !shapeFits(expected, output.shape)) {
      throw fail(`it is ${output?.datatype} [${output?.shape}], not FP32 [${expected}]`);
    }
    const length = Math.hypot(...output.data);
    if (!Number.isFinite(length) || length === 0) throw fail("it has no direction: all zeros, or not finite");
    return output.data;
  });
  const [first] = values;
  if ("output" in manifest && manifest.output.normalized) {
    const length = Math.hypot(...first!);
    if (Math.abs(length - 1) > NORM_TOLERANCE) {
      throw new InvalidManifestError(
        `${manifest.name}, output "${manifest.output.name}"`,
        `its length is ${length.toFixed(4)}, though output.normalized says 1`,
      );
    }
  }
  return first!;
}

/** A made-up picture, or whatever else the model takes, of a batch of one. */
function testInputs(manifest: ModelManifest, seed: number): Tensors {
  if ("preprocess" in manifest) {
    const { input, preprocess } = manifest;
    const picture = testPicture(preprocess.width, preprocess.height, seed);
    return { [input.name]: toTensor(picture, preprocess) };
  }
  return Object.fromEntries(inputsOf(manifest).map((input) => [input.name, exampleTensor(input, seed)]));
}

/** Stripes and blots whose colours and sizes depend on the seed. */
function testPicture(width: number, height: number, seed: number) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let index = 0; index < width * height; index++) {
    const [x, y] = [index % width, Math.floor(index / width)];
    const wave = Math.sin((x * seed * 7) / width) + Math.cos((y * seed * 11) / height);
    data.set([127 + wave * 60, (x * 255) / width, seed * 90 + (y * 60) / height, 255], index * 4);
  }
  return { width, height, data };
}
