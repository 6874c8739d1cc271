/** What a model must prove before it is added: that its manifest is true, and that it embeds pictures. */
import * as z from "zod";
import { toTensor } from "../media/tensor.ts";
import { reasonOf } from "../runtime/errors.ts";
import { revisionOf } from "../runtime/integrity.ts";
import { ModelManifest, type Precision } from "../runtime/manifest.ts";
import type { Runtime, Session } from "../runtime/session.ts";
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
export async function checkManifest(text: string, location: string): Promise<ModelManifest> {
  const parsed = ModelManifest.safeParse(parseJson(text, location));
  if (!parsed.success) throw new InvalidManifestError(location, z.prettifyError(parsed.error));
  const manifest = parsed.data;
  const wrong = contradictions(manifest);
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
function contradictions({ input, output, preprocess }: ModelManifest): string[] {
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

/**
 * Embeds two made-up pictures with one file of a model.
 * @returns the embedding of the first, as the model gave it.
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
    const [one, other] = [await embed(session, manifest, 1), await embed(session, manifest, 2)];
    if (one.every((value, index) => Math.abs(value - other[index]!) < DISTINCT)) {
      throw new InvalidManifestError(
        `${manifest.name} (${precision})`,
        "two different pictures get the same embedding",
      );
    }
    return one;
  } finally {
    await session.dispose();
  }
}

async function embed(session: Session, manifest: ModelManifest, seed: number): Promise<Float32Array> {
  const { input, output, preprocess } = manifest;
  const tensor = toTensor(testPicture(preprocess.width, preprocess.height, seed), preprocess);
  const answer = (await session.run({ [input.name]: tensor }, [output.name]))[output.name];
  const fail = (detail: string) =>
    new InvalidManifestError(`${manifest.name}, output "${output.name}"`, detail);
  if (answer?.datatype !== "FP32" || !shapeFits([1, output.dimensions], answer.shape)) {
    throw fail(`it is ${answer?.datatype} [${answer?.shape}], not FP32 [1,${output.dimensions}]`);
  }
  const length = Math.hypot(...answer.data);
  if (!Number.isFinite(length) || length === 0) throw fail("it has no direction: all zeros, or not finite");
  if (output.normalized && Math.abs(length - 1) > NORM_TOLERANCE) {
    throw fail(`its length is ${length.toFixed(4)}, though output.normalized says 1`);
  }
  return answer.data;
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
