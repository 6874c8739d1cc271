/** Attention over the regions of a picture: as a smooth field, and in words. */

/** Weights of a grid, row by row; they add up to 1. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly weights: readonly number[];
}

/** How far a region's weight reaches, in regions: neighbours melt into each other. */
const SPREAD = 0.62;

/** Regions beyond this distance add nothing that can be seen. */
const REACH = 2;

/**
 * The field at `width` × `height` points, row by row, 1 where it is strongest: each region is a soft hill. Hills at the
 * edge lose nothing, as the field is a weighted mean.
 */
export function attentionField(
  { rows, columns, weights }: Grid,
  width: number,
  height: number,
): Float32Array {
  const across = kernels(width, columns);
  const down = kernels(height, rows);
  const rowsAtWidth = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [column, share] of across[x]!) sum += share * weights[row * columns + column]!;
      rowsAtWidth[row * width + x] = sum;
    }
  }
  const field = new Float32Array(width * height);
  let highest = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [row, share] of down[y]!) sum += share * rowsAtWidth[row * width + x]!;
      field[y * width + x] = sum;
      highest = Math.max(highest, sum);
    }
  }
  if (highest > 0) for (let index = 0; index < field.length; index++) field[index]! /= highest;
  return field;
}

/** For each of `points` along an axis, the regions nearby and their shares, which add up to 1. */
function kernels(points: number, regions: number): [region: number, share: number][][] {
  return Array.from({ length: points }, (_, point) => {
    const at = ((point + 0.5) / points) * regions - 0.5;
    const near: [number, number][] = [];
    let sum = 0;
    for (
      let region = Math.max(0, Math.ceil(at - REACH));
      region <= Math.min(regions - 1, at + REACH);
      region++
    ) {
      const share = Math.exp(-((region - at) ** 2) / (2 * SPREAD ** 2));
      near.push([region, share]);
      sum += share;
    }
    return near.map(([region, share]) => [region, share / sum]);
  });
}

/** Where the strongest third by third part lies, in words. */
const PLACES = [
  ["the upper left", "the top", "the upper right"],
  ["the left", "the middle", "the right"],
  ["the lower left", "the bottom", "the lower right"],
] as const;

/** Below this, the most that any ninth of the picture gets is no more than chance (1/9) suggests. */
const EVEN = 0.16;

/** From here on it is clear where the attention lies. */
const CLEAR = 0.3;

/** `looks most at the upper left`: the ninth of the picture that gets the most. */
export function attentionWords(grid: Grid): string {
  const ninths = ninthsOf(grid);
  const most = Math.max(...ninths);
  const index = ninths.indexOf(most);
  const place = PLACES[Math.floor(index / 3)]![index % 3]!;
  if (most < EVEN) return "looks evenly at all of the picture";
  return `looks ${most >= CLEAR ? "most" : "a little more"} at ${place}`;
}

/** The weight of each ninth of the picture, row by row; regions that lie in two count for both in parts. */
export function ninthsOf({ rows, columns, weights }: Grid): number[] {
  const ninths = new Array<number>(9).fill(0);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let third = 0; third < 3; third++) {
        const down = overlap(row, rows, third);
        for (let other = 0; down > 0 && other < 3; other++) {
          ninths[third * 3 + other]! +=
            weights[row * columns + column]! * down * overlap(column, columns, other);
        }
      }
    }
  }
  return ninths;
}

/** How much of region `index` of `count` lies in a third of the same length, 0 to 1. */
function overlap(index: number, count: number, third: number): number {
  const [from, to] = [Math.max(index / count, third / 3), Math.min((index + 1) / count, (third + 1) / 3)];
  return Math.max(0, to - from) * count;
}

/** Left, top, width and height in fractions of the picture. */
export type Area = readonly [left: number, top: number, width: number, height: number];

/**
 * The part of a picture that the model's regions cover, beyond the picture where it was padded.
 *
 * @param aspect width / height of the picture
 * @param input width / height of what the model takes
 */
export function coveredArea(fit: "stretch" | "cover" | "contain", aspect: number, input: number): Area {
  const wider = aspect / input;
  if (fit === "stretch" || wider === 1) return [0, 0, 1, 1];
  const grow = fit === "cover" ? Math.min(1, 1 / wider) : Math.max(1, 1 / wider);
  const tall = fit === "cover" ? Math.min(1, wider) : Math.max(1, wider);
  return [(1 - grow) / 2, (1 - tall) / 2, grow, tall];
}
