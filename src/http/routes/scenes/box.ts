/** Boxes as answers show them. */
import type { CropBox } from "../../../media/picture.ts";

/** Four decimals are a tenth of a pixel in a picture of 1,000. */
const DECIMALS = 4;

export function boxOf({ x0, y0, x1, y1 }: CropBox): [number, number, number, number] {
  return [rounded(x0), rounded(y0), rounded(x1), rounded(y1)];
}

const rounded = (value: number) => Number(value.toFixed(DECIMALS));
