/** How a picture of one shape fills a rectangle of another. The arithmetic is Pillow's `ImageOps`. */
import type { Rectangle } from "./resample.ts";

export type Fit = "stretch" | "cover" | "contain";

export interface Placement {
  /** Part of the source that is shown, in source pixels. */
  readonly box: Rectangle;
  /** Whole pixels of the target that it fills. */
  readonly place: Rectangle;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** `stretch` is `resize`, `cover` is `ImageOps.fit`, `contain` is `ImageOps.pad`, all centred. */
export function placeInto(source: Size, target: Size, fit: Fit): Placement {
  const whole = { x: 0, y: 0, width: source.width, height: source.height };
  const full = { x: 0, y: 0, width: target.width, height: target.height };
  switch (fit) {
    case "stretch":
      return { box: whole, place: full };
    case "cover":
      return { box: coverBox(source, target), place: full };
    case "contain":
      return { box: whole, place: containPlace(source, target) };
  }
}

function coverBox(source: Size, target: Size): Rectangle {
  const sourceRatio = source.width / source.height;
  const targetRatio = target.width / target.height;
  let { width, height } = source;
  if (sourceRatio > targetRatio) width = targetRatio * source.height;
  else if (sourceRatio < targetRatio) height = source.width / targetRatio;
  return { x: (source.width - width) * 0.5, y: (source.height - height) * 0.5, width, height };
}

function containPlace(source: Size, target: Size): Rectangle {
  const sourceRatio = source.width / source.height;
  const targetRatio = target.width / target.height;
  let { width, height } = target;
  if (sourceRatio > targetRatio) height = Math.max(1, roundHalfEven((source.height / source.width) * width));
  else if (sourceRatio < targetRatio) width = Math.max(1, roundHalfEven(sourceRatio * height));
  return {
    x: roundHalfEven((target.width - width) * 0.5),
    y: roundHalfEven((target.height - height) * 0.5),
    width,
    height,
  };
}

/** Python's `round`: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
