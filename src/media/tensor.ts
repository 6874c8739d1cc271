/** Pixels to the tensors that models take. */
import type { Preprocess } from "../runtime/manifest.ts";
import type { Tensor } from "../runtime/tensor.ts";
import { toFloats, toPlanes } from "./arrange.ts";
import { InvalidCropError } from "./errors.ts";
import { placeInto } from "./fit.ts";
import type { CropBox, Picture } from "./picture.ts";
import { type Rectangle, resample } from "./resample.ts";

/**
 * A picture, or a part of it, as a batch of one.
 *
 * The steps are those of Pillow, in this order, and the bytes are the same as Pillow 13's, to the last bit (older
 * Pillows differ by one level in pictures that lose much more height than width): composite on
 * `background`, `crop` to whole pixels, `resize` (stretch), `ImageOps.fit` (cover) or `ImageOps.pad` (contain)
 * with `BILINEAR`, which is antialiased. Then (pixel / 255 − mean) / std, where `normalize` asks for it.
 *
 * @returns UINT8 [1, H, W, 3] without `normalize`; FP32 with it; [1, 3, H, W] where `layout` is NCHW
 * @throws {InvalidCropError} when the crop is not inside the picture
 */
export function toTensor(picture: Picture, preprocess: Preprocess, crop?: CropBox): Tensor {
  return toTensors(picture, preprocess, [crop]);
}

/**
 * Several parts of one picture as a batch, [N, H, W, 3] or [N, 3, H, W]. `undefined` stands for the whole.
 *
 * @throws {InvalidCropError} when a crop is not inside the picture
 */
export function toTensors(
  picture: Picture,
  preprocess: Preprocess,
  crops: readonly (CropBox | undefined)[],
): Tensor {
  const { width, height, layout, normalize } = preprocess;
  const imageBytes = width * height * 3;
  const pixels = new Uint8Array(crops.length * imageBytes);
  for (const [index, crop] of crops.entries()) {
    const image = pixels.subarray(index * imageBytes, (index + 1) * imageBytes);
    drawInto(image, picture, preprocess, regionOf(picture, crop));
  }
  const shape = layout === "NCHW" ? [crops.length, 3, height, width] : [crops.length, height, width, 3];
  if (normalize) {
    return { datatype: "FP32", shape, data: toFloats(pixels, width * height, layout, normalize) };
  }
  return { datatype: "UINT8", shape, data: layout === "NCHW" ? toPlanes(pixels, width * height) : pixels };
}

/** Fills a packed RGB image. */
function drawInto(image: Uint8Array, picture: Picture, preprocess: Preprocess, region: Rectangle): void {
  const { width, height, background, fit } = preprocess;
  const { box, place } = placeInto(region, { width, height }, fit);
  if (place.width !== width || place.height !== height) {
    for (let at = 0; at < image.length; at += 3) image.set(background, at);
  }
  const pixels = resample({ picture, region, box, background }, place.width, place.height);
  for (let y = 0, from = 0; y < place.height; y++) {
    let to = ((place.y + y) * width + place.x) * 3;
    for (let x = 0; x < place.width; x++, to += 3) {
      const pixel = pixels[from++]!;
      image[to] = pixel;
      image[to + 1] = pixel >>> 8;
      image[to + 2] = pixel >>> 16;
    }
  }
}

/** Corners to the nearest pixel borders, at least one pixel wide and high. */
function regionOf({ width, height }: Picture, crop: CropBox | undefined): Rectangle {
  if (!crop) return { x: 0, y: 0, width, height };
  const { x0, y0, x1, y1 } = crop;
  if (!(x0 >= 0 && x0 < x1 && x1 <= 1 && y0 >= 0 && y0 < y1 && y1 <= 1)) {
    throw new InvalidCropError(`The crop from (${x0}, ${y0}) to (${x1}, ${y1}) is not inside the picture.`);
  }
  const x = Math.min(Math.round(x0 * width), width - 1);
  const y = Math.min(Math.round(y0 * height), height - 1);
  return {
    ...{ x, y },
    width: Math.max(1, Math.round(x1 * width) - x),
    height: Math.max(1, Math.round(y1 * height) - y),
  };
}
