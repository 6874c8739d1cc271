/** Measuring rendered pictures. */
import type { RenderedPixels } from "../../src/demo/picture.ts";

function luminance({ data }: RenderedPixels, pixel: number): number {
  return 0.299 * data[pixel * 4]! + 0.587 * data[pixel * 4 + 1]! + 0.114 * data[pixel * 4 + 2]!;
}

/** Standard deviation of the brightness, 0 to 128. */
export function contrast(pixels: RenderedPixels): number {
  const count = pixels.width * pixels.height;
  let [sum, squares] = [0, 0];
  for (let pixel = 0; pixel < count; pixel++) {
    const value = luminance(pixels, pixel);
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(squares / count - (sum / count) ** 2);
}

/** Positions, in parts of the picture, of pixels whose colour differs by more than `threshold` (0 to 255). */
export function changedPixels(
  one: RenderedPixels,
  other: RenderedPixels,
  threshold: number,
): [x: number, y: number][] {
  const changed: [number, number][] = [];
  for (let pixel = 0; pixel < one.width * one.height; pixel++) {
    const difference = Math.max(
      ...[0, 1, 2].map((channel) =>
        Math.abs(one.data[pixel * 4 + channel]! - other.data[pixel * 4 + channel]!),
      ),
    );
    if (difference > threshold)
      changed.push([
        ((pixel % one.width) + 0.5) / one.width,
        (Math.floor(pixel / one.width) + 0.5) / one.height,
      ]);
  }
  return changed;
}
