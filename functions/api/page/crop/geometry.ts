/** Boxes on a picture, in fractions of its sides. */
import type { Crop } from "../../../../src/client/index.ts";

export const CORNERS = ["top left", "top right", "bottom left", "bottom right"] as const;
export type Corner = (typeof CORNERS)[number];

/** Smaller boxes hold too little to search by, and are hard to hit with a finger. */
export const MIN_SIDE = 0.08;

/** What the button begins with. */
export const FIRST_BOX: Crop = [0.2, 0.2, 0.8, 0.8];

const clamp = (value: number, min = 0, max = 1): number => Math.min(max, Math.max(min, value));

/** The box between two points in any order; undefined when it is too small. */
export function boxBetween(ax: number, ay: number, bx: number, by: number): Crop | undefined {
  const xs = [clamp(ax), clamp(bx)].sort((one, other) => one - other) as [number, number];
  const ys = [clamp(ay), clamp(by)].sort((one, other) => one - other) as [number, number];
  if (xs[1] - xs[0] < MIN_SIDE || ys[1] - ys[0] < MIN_SIDE) return undefined;
  return [xs[0], ys[0], xs[1], ys[1]];
}

/** The box moved as far as the picture allows. */
export function moveBox([x0, y0, x1, y1]: Crop, dx: number, dy: number): Crop {
  const x = clamp(dx, -x0, 1 - x1);
  const y = clamp(dy, -y0, 1 - y1);
  return [x0 + x, y0 + y, x1 + x, y1 + y];
}

/** The box with one corner moved; it never becomes smaller than `MIN_SIDE`. */
export function moveCorner([x0, y0, x1, y1]: Crop, corner: Corner, dx: number, dy: number): Crop {
  const left = corner.endsWith("left") ? clamp(x0 + dx, 0, x1 - MIN_SIDE) : x0;
  const right = corner.endsWith("right") ? clamp(x1 + dx, x0 + MIN_SIDE, 1) : x1;
  const top = corner.startsWith("top") ? clamp(y0 + dy, 0, y1 - MIN_SIDE) : y0;
  const bottom = corner.startsWith("bottom") ? clamp(y1 + dy, y0 + MIN_SIDE, 1) : y1;
  return [left, top, right, bottom];
}

/** `0.2,0.25,0.8,1`, as addresses hold it. */
export function formatCrop(crop: Crop): string {
  return crop.map((value) => Number(value.toFixed(3))).join();
}

/** Reads what `formatCrop` wrote; undefined for anything else. */
export function parseCrop(text: string | null): Crop | undefined {
  const values = (text ?? "").split(",").map(Number);
  if (text === null || values.length !== 4 || values.some((value) => !(value >= 0 && value <= 1)))
    return undefined;
  const [x0, y0, x1, y1] = values as Crop;
  return x0 < x1 && y0 < y1 ? [x0, y0, x1, y1] : undefined;
}

/** In words: "20 % from the left, 25 % from the top, 60 % wide, 75 % high". */
export function describeCrop([x0, y0, x1, y1]: Crop): string {
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  return (
    `${percent(x0)} from the left, ${percent(y0)} from the top, ` +
    `${percent(x1 - x0)} wide, ${percent(y1 - y0)} high`
  );
}
