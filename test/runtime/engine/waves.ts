/** A picture for the shipped model. */
import type { ImageEmbeddingManifest } from "../../../src/runtime/manifest.ts";
import type { Tensor } from "../../../src/runtime/tensor.ts";

/** Waves of colour: every value occurs, neighbours resemble each other as in photographs. */
export function waves({ preprocess: { width, height } }: ImageEmbeddingManifest) {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / (3 * width))];
    return 127 + 110 * Math.sin(x / 17 + (i % 3)) * Math.cos(y / 23) + ((i * 31) % 17);
  });
  return { datatype: "UINT8", shape: [1, height, width, 3], data } as const satisfies Tensor;
}
