/** Pictures for tests, drawn by code. */
import jpeg from "jpeg-js";

/** A JPEG of coloured discs on a gradient; another seed is another picture. */
export function drawJpeg(seed: number, width = 96, height = 64): Uint8Array<ArrayBuffer> {
  const random = mulberry32(seed);
  const discs = Array.from({ length: 6 }, () => ({
    x: random() * width,
    y: random() * height,
    radius: (0.1 + random() * 0.3) * Math.min(width, height),
    colour: [random() * 255, random() * 255, random() * 255],
  }));
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const disc = discs.find((one) => (x - one.x) ** 2 + (y - one.y) ** 2 < one.radius ** 2);
      data.set([...(disc?.colour ?? [(255 * x) / width, 200, (255 * y) / height]), 255], (y * width + x) * 4);
    }
  }
  return new Uint8Array(jpeg.encode({ data, width, height }, 85).data);
}

export function dataUrl(bytes: Uint8Array, mediaType = "image/jpeg"): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString("base64")}`;
}

/** A small seeded generator of numbers in 0..1. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
