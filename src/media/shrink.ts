/** A smaller copy of a picture, for work that goes on when the decoded one must go. */
import type { Picture } from "./picture.ts";
import { type Rgb, resample } from "./resample.ts";

const OPAQUE = 0xff000000;

/**
 * The picture with a longest side of at most `maxSide` pixels, antialiased bilinear, transparent pixels on
 * `background`. Always a copy: its pixels live on when the decoder's buffer is used again.
 */
export function shrink(picture: Picture, maxSide: number, background: Rgb): Picture {
  const scale = Math.min(1, maxSide / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const words = resample({ picture, region: whole, box: whole, background }, width, height);
  for (let index = 0; index < words.length; index++) words[index]! |= OPAQUE;
  return {
    width,
    height,
    data: new Uint8ClampedArray(words.buffer, words.byteOffset, words.byteLength),
    opaque: true,
  };
}
