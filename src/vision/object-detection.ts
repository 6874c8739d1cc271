/** Pictures to boxes: a one-stage detector's raw maps, decoded, thinned out, in coordinates of the picture. */

import { placeInto } from "../media/fit.ts";
import type { CropBox, Picture } from "../media/picture.ts";
import { toTensor } from "../media/tensor.ts";
import type { ObjectDetectionManifest } from "../runtime/manifest.ts";
import { pinnedName } from "../runtime/manifest-revision.ts";
import type { Tensor } from "../runtime/tensor.ts";
import { type Inference, type PixelTensor, UnexpectedOutputError } from "./unified-embedding.ts";

/** A thing seen in a picture. */
export interface DetectedObject {
  /** Corners as fractions of the upright picture. */
  readonly box: CropBox;
  /** One of the manifest's `detection.categories`. */
  readonly category: string;
  /** Probability of an object there times that of the category, 0 to 1. */
  readonly score: number;
}

/** A detector's input, and where the picture lies in it. */
export interface DetectorInput {
  readonly tensor: PixelTensor;
  readonly width: number;
  readonly height: number;
}

export interface DetectOptions {
  readonly signal?: AbortSignal;
  /** @default the manifest's `score_threshold` */
  readonly minScore?: number;
  /** @default {@link MAX_OBJECTS} */
  readonly maxObjects?: number;
}

/** Most objects of one picture. */
export const MAX_OBJECTS = 40;

/** Boxes that are compared with each other, the best first: their number squared bounds the work. */
export const MAX_CANDIDATES = 400;

/** A box's side, as a fraction of the picture, below which there is nothing to embed. */
const MIN_SIDE = 0.005;

/** exp of more than this is wider than any picture: a hostile or broken model, not a box. */
const MAX_LOG_SIZE = 8;

/** Boxes in pixels of the detector's input. */
interface Candidate {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly category: number;
  readonly score: number;
}

/**
 * Detects with whichever model a manifest describes, as YOLOX decodes its anchor-free heads (arXiv 2107.08430,
 * §2.1): centre = (cell + offset) · stride, size = exp(log size) · stride, score = σ(objectness) · σ(class). Then
 * non-maximum suppression within each category.
 *
 * @example
 * ```ts
 * const detector = new ObjectDetector(manifest, inference);
 * const objects = await detector.detect(detector.inputOf(picture));
 * ```
 */
export class ObjectDetector {
  readonly manifest: ObjectDetectionManifest;
  readonly #inference: Inference;

  constructor(manifest: ObjectDetectionManifest, inference: Inference) {
    this.manifest = manifest;
    this.#inference = inference;
  }

  inputOf(picture: Picture): DetectorInput {
    const tensor = toTensor(picture, this.manifest.preprocess);
    if (tensor.datatype !== "UINT8" && tensor.datatype !== "FP32") {
      throw new RangeError(`pictures are ${tensor.datatype}: neither bytes nor floats`);
    }
    return { tensor, width: picture.width, height: picture.height };
  }

  /**
   * Objects of one picture, the most certain first.
   * @throws {UnexpectedOutputError} when the answer does not fit the manifest.
   */
  async detect(input: DetectorInput, options: DetectOptions = {}): Promise<DetectedObject[]> {
    const { name, input: declared, outputs, preprocess, detection } = this.manifest;
    const { signal, minScore = detection.score_threshold, maxObjects = MAX_OBJECTS } = options;
    const answers = await this.#inference.infer(
      pinnedName(this.manifest),
      { [declared.name]: input.tensor },
      { outputs: outputs.map((output) => output.name), ...(signal && { signal }) },
    );
    const candidates = detection.levels.flatMap((level) => {
      const map = (output: string, depth: number) =>
        mapOf(name, output, answers[output], preprocess, level.stride, depth);
      const { channels = detection.categories } = level;
      const found = decodeLevel(
        {
          stride: level.stride,
          columns: Math.ceil(preprocess.width / level.stride),
          boxes: map(level.boxes, 4),
          objectness: map(level.objectness, 1),
          classes: map(level.classes, channels.length),
        },
        minScore,
      );
      if (!level.channels) return found;
      const categories = channels.map((channel) => detection.categories.indexOf(channel));
      return found.map((candidate) => ({ ...candidate, category: categories[candidate.category]! }));
    });
    const kept = suppress(candidates, detection.iou_threshold);
    const { place } = placeInto(input, preprocess, preprocess.fit);
    return kept
      .flatMap((candidate): DetectedObject[] => {
        const box = {
          x0: clamp((candidate.x0 - place.x) / place.width),
          y0: clamp((candidate.y0 - place.y) / place.height),
          x1: clamp((candidate.x1 - place.x) / place.width),
          y1: clamp((candidate.y1 - place.y) / place.height),
        };
        if (box.x1 - box.x0 < MIN_SIDE || box.y1 - box.y0 < MIN_SIDE) return [];
        return [{ box, category: detection.categories[candidate.category]!, score: candidate.score }];
      })
      .slice(0, maxObjects);
  }
}

/** One level's maps, NHWC of a batch of one. */
export interface LevelMaps {
  readonly stride: number;
  readonly columns: number;
  /** [h, w, 4]: offsets of the centre in cells, logarithms of width and height in cells. */
  readonly boxes: Float32Array;
  /** [h, w, 1] logits. */
  readonly objectness: Float32Array;
  /** [h, w, C] logits. */
  readonly classes: Float32Array;
}

/** Every cell whose best channel reaches `minScore`; `category` is the channel's number. */
export function decodeLevel(maps: LevelMaps, minScore: number): Candidate[] {
  const { stride, columns, boxes, objectness, classes } = maps;
  const cells = objectness.length;
  const depth = classes.length / cells;
  // σ(objectness) alone bounds the score: most cells end here, without an exponential.
  const floor = minScore <= 0 ? Number.NEGATIVE_INFINITY : logit(minScore);
  const found: Candidate[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const objectLogit = objectness[cell]!;
    if (!(objectLogit >= floor)) continue;
    let category = 0;
    let best = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < depth; index++) {
      const value = classes[cell * depth + index]!;
      if (value > best) [best, category] = [value, index];
    }
    const score = sigmoid(objectLogit) * sigmoid(best);
    if (!(score >= minScore)) continue;
    const [dx, dy, logWidth, logHeight] = boxes.subarray(cell * 4, cell * 4 + 4);
    if (!(Math.abs(logWidth!) < MAX_LOG_SIZE && Math.abs(logHeight!) < MAX_LOG_SIZE)) continue;
    const x = ((cell % columns) + dx!) * stride;
    const y = (Math.floor(cell / columns) + dy!) * stride;
    if (!Number.isFinite(x + y)) continue;
    const [halfWidth, halfHeight] = [(Math.exp(logWidth!) * stride) / 2, (Math.exp(logHeight!) * stride) / 2];
    found.push({
      x0: x - halfWidth,
      y0: y - halfHeight,
      x1: x + halfWidth,
      y1: y + halfHeight,
      category,
      score,
    });
  }
  return found;
}

/**
 * Greedy non-maximum suppression within each category, the best first; of more than {@link MAX_CANDIDATES} only the
 * best are looked at.
 */
export function suppress(candidates: readonly Candidate[], maxOverlap: number): Candidate[] {
  const ordered = [...candidates].sort((a, b) => b.score - a.score).slice(0, MAX_CANDIDATES);
  const kept: Candidate[] = [];
  for (const candidate of ordered) {
    const covered = kept.some(
      (better) => better.category === candidate.category && overlap(better, candidate) > maxOverlap,
    );
    if (!covered) kept.push(candidate);
  }
  return kept;
}

/** Intersection over union. */
function overlap(a: Candidate, b: Candidate): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

const areaOf = ({ x0, y0, x1, y1 }: Candidate) => (x1 - x0) * (y1 - y0);

function mapOf(
  model: string,
  output: string,
  answer: Tensor | undefined,
  { width, height }: { readonly width: number; readonly height: number },
  stride: number,
  depth: number,
): Float32Array {
  const expected = [1, Math.ceil(height / stride), Math.ceil(width / stride), depth];
  if (answer?.datatype !== "FP32" || answer.shape.join() !== expected.join()) {
    const got = answer ? `${answer.datatype} [${answer.shape.join(", ")}]` : "missing";
    throw new UnexpectedOutputError(model, `${output} is ${got}, not FP32 [${expected.join(", ")}]`);
  }
  return answer.data;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
const logit = (probability: number) => Math.log(probability / (1 - probability));
