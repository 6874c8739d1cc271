/**
 * Shop the Look: the objects of a scene, each as a picture of its own that products can be found by.
 * After "Shop The Look" (KDD'20, arXiv 2006.10866): detection, crops, category-gated search.
 */
import type { CropBox } from "../media/picture.ts";
import type { DetectedObject } from "./object-detection.ts";

/**
 * How much of its width and height a box grows on each side before it is embedded, as the embedding's training
 * pictures did (`models/unified-embedding/pack.py`).
 */
export const CROP_MARGIN = 0.12;

/** The box with some of what is around it, inside the picture. */
export function widened({ x0, y0, x1, y1 }: CropBox, margin = CROP_MARGIN): CropBox {
  const [dx, dy] = [(x1 - x0) * margin, (y1 - y0) * margin];
  return {
    x0: Math.max(0, x0 - dx),
    y0: Math.max(0, y0 - dy),
    x1: Math.min(1, x1 + dx),
    y1: Math.min(1, y1 + dy),
  };
}

export interface ObjectChoice {
  /** Only these. @default all */
  readonly categories?: readonly string[] | undefined;
  readonly minScore: number;
  readonly maxObjects: number;
}

/** Numbers of the objects that are asked for, in the order of the objects: the most certain first. */
export function choose(objects: readonly DetectedObject[], choice: ObjectChoice): number[] {
  const wanted = choice.categories && new Set(choice.categories);
  return objects
    .flatMap(({ category, score }, index) =>
      score >= choice.minScore && (!wanted || wanted.has(category)) ? [index] : [],
    )
    .slice(0, choice.maxObjects);
}
