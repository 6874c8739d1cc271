/** Entries for tests of vector indexes: clustered vectors with facets of every kind. */
import type { ClusteredVectors } from "../../bench/search/clustered-vectors.ts";
import type { VectorEntry } from "../../src/catalog/vector-index.ts";

const COLOURS = ["red", "green", "blue", "black"];

/** Entry `n` of a fixed catalogue. Every fifth has no category, every seventh no price. */
export function entry(n: number, vectors: ClusteredVectors): VectorEntry {
  return {
    id: `item-${n}`,
    vector: vectors.at(n),
    facets: {
      ...(n % 5 !== 0 && { category: ["vases", "lamps", "chairs"][n % 3]! }),
      ...(n % 7 !== 0 && { price: (n % 50) + 0.5 }),
      attributes: {
        colour: COLOURS[n % 4]!,
        weight: n % 10,
        sale: n % 2 === 0,
        ...(n % 3 === 0 && { tags: [`tag-${n % 6}`, "all"] }),
      },
    },
  };
}

export function entries(count: number, vectors: ClusteredVectors, first = 0): VectorEntry[] {
  return Array.from({ length: count }, (_, n) => entry(first + n, vectors));
}
