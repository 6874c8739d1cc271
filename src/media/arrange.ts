/** Packed RGB bytes to the layout and number format of a model's input. */
import type { Preprocess } from "../runtime/manifest.ts";

type Layout = Preprocess["layout"];

/** Position of each channel's first value in an image, and the step from one pixel to the next. */
function strides(pixelCount: number, layout: Layout): { channelStep: number; pixelStep: number } {
  return layout === "NCHW" ? { channelStep: pixelCount, pixelStep: 1 } : { channelStep: 1, pixelStep: 3 };
}

/** Packed RGB images, each of `pixelCount` pixels, channel by channel. */
export function toPlanes(packed: Uint8Array, pixelCount: number): Uint8Array {
  const planes = new Uint8Array(packed.length);
  forEachChannel(packed.length, pixelCount, "NCHW", (from, to, _channel, step) => {
    for (let pixel = 0; pixel < pixelCount; pixel++, from += 3, to += step) planes[to] = packed[from]!;
  });
  return planes;
}

/** (pixel / 255 − mean) / std of packed RGB images, in the given layout. */
export function toFloats(
  packed: Uint8Array,
  pixelCount: number,
  layout: Layout,
  { mean, std }: NonNullable<Preprocess["normalize"]>,
): Float32Array {
  const floats = new Float32Array(packed.length);
  const tables = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, value) => (value / 255 - mean[channel]!) / std[channel]!),
  );
  forEachChannel(packed.length, pixelCount, layout, (from, to, channel, step) => {
    const table = tables[channel]!;
    for (let pixel = 0; pixel < pixelCount; pixel++, from += 3, to += step)
      floats[to] = table[packed[from]!]!;
  });
  return floats;
}

function forEachChannel(
  length: number,
  pixelCount: number,
  layout: Layout,
  visit: (from: number, to: number, channel: number, step: number) => void,
): void {
  const { channelStep, pixelStep } = strides(pixelCount, layout);
  for (let image = 0; image < length; image += pixelCount * 3) {
    for (let channel = 0; channel < 3; channel++) {
      visit(image + channel, image + channel * channelStep, channel, pixelStep);
    }
  }
}
