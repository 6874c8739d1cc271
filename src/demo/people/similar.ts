/** Products like one: by their vectors, or by what is written about them where there are none. */
import type { Product } from "../products.ts";

/** Places of products like the one at a place, the most similar first. */
export type Similar = (product: number) => readonly number[];

/** Products that are similar enough to be shown beside one. */
const MOST = 60;

/** By the cosine. @param vectors products×dimensions, unit length */
export function similarByVectors(vectors: Float32Array, dimensions: number, most = MOST): Similar {
  const count = vectors.length / dimensions;
  return ranked(count, most, (product) => {
    const own = vectors.subarray(product * dimensions, (product + 1) * dimensions);
    return Float64Array.from({ length: count }, (_, other) => {
      let sum = 0;
      for (let at = 0; at < dimensions; at++) sum += own[at]! * vectors[other * dimensions + at]!;
      return sum;
    });
  });
}

/** By category, style and colour. */
export function similarByWords(products: readonly Product[], most = MOST): Similar {
  return ranked(products.length, most, (product) => {
    const own = products[product]!;
    return Float64Array.from(
      products,
      ({ category, style, attributes }) =>
        (category === own.category ? 2 : 0) +
        (style === own.style ? 2 : 0) +
        (attributes.colour === own.attributes.colour ? 1 : 0),
    );
  });
}

/** The `most` with the highest scores, computed once a product. */
function ranked(count: number, most: number, scoresOf: (product: number) => Float64Array): Similar {
  const known = new Map<number, readonly number[]>();
  return (product) => {
    let found = known.get(product);
    if (!found) {
      const scores = scoresOf(product);
      const others = Array.from({ length: count }, (_, other) => other).filter((other) => other !== product);
      found = others.sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, most);
      known.set(product, found);
    }
    return found;
  };
}
