/** The nearest of many 256-bit codes, without ranking by floats: the WebAssembly kernel against plain JavaScript. */
import { HammingIndex } from "../src/catalog/hamming-index.ts";
import { candidatesFor } from "../src/catalog/rerank.ts";
import { signCode } from "../src/vision/unified-embedding.ts";
import type { Bench, Case, Contender } from "./bench.ts";
import { ClusteredVectors } from "./search/clustered-vectors.ts";

const CODE_BYTES = 32;
const WORDS = CODE_BYTES / 4;
const CANDIDATES = candidatesFor(10, 0);
const SEED = 1;
const QUERIES = 20;
const WARM_UP = 5;
const OURS = "WebAssembly SIMD";

export const bench: Bench = {
  title: `The ${CANDIDATES} nearest of many 256-bit codes`,
  unit: "ms",
  ours: OURS,
  cases: async () => [10_000, 100_000, 1_000_000].map(caseOf),
};

function caseOf(count: number): Case {
  let codes: Uint8Array | undefined;
  const source = new ClusteredVectors(SEED, count);
  const codeOf = (at: number) => signCode(source.at(at));
  const queries = Array.from({ length: QUERIES }, (_, at) => codeOf(count + at));
  const all = () => {
    if (codes) return codes;
    codes = new Uint8Array(count * CODE_BYTES);
    for (let key = 0; key < count; key++) codes.set(codeOf(key), key * CODE_BYTES);
    return codes;
  };
  return {
    name: `${count.toLocaleString("en")} codes`,
    subjects: {
      [OURS]: async () => {
        const index = await HammingIndex.create();
        index.load(0, all());
        return timed(queries, (code) => index.nearest(code, CANDIDATES));
      },
      JavaScript: async () => {
        const words = new Uint32Array(all().slice().buffer);
        return timed(queries, (code) => nearest(words, new Uint32Array(code.slice().buffer), CANDIDATES));
      },
    },
  };
}

/** Mean milliseconds of a scan. */
function timed(queries: readonly Uint8Array[], scan: (code: Uint8Array) => unknown): Contender {
  // Both start slow until the engine has compiled them well.
  for (let pass = 0; pass < WARM_UP; pass++) for (const code of queries) scan(code);
  return {
    async measure() {
      const started = performance.now();
      for (const code of queries) scan(code);
      return (performance.now() - started) / queries.length;
    },
  };
}

/** Keys of the nearest codes, by the same counting as the kernel's. */
function nearest(words: Uint32Array, query: Uint32Array, limit: number): number[] {
  const [a, b, c, d, e, f, g, h] = query as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const histogram = new Uint32Array(257);
  const keys: number[] = [];
  const distances: number[] = [];
  let worst = 256;
  let bound = 257;
  let total = 0;
  for (let key = 0, at = 0; at < words.length; key++, at += WORDS) {
    const distance =
      bits(words[at]! ^ a) +
      bits(words[at + 1]! ^ b) +
      bits(words[at + 2]! ^ c) +
      bits(words[at + 3]! ^ d) +
      bits(words[at + 4]! ^ e) +
      bits(words[at + 5]! ^ f) +
      bits(words[at + 6]! ^ g) +
      bits(words[at + 7]! ^ h);
    if (distance >= bound) continue;
    keys.push(key);
    distances.push(distance);
    histogram[distance]!++;
    if (++total < limit) continue;
    if (total > limit) {
      histogram[worst]!--;
      total--;
    }
    while (histogram[worst] === 0) worst--;
    bound = worst;
  }
  const order = keys.map((_, at) => at).filter((at) => distances[at]! <= worst);
  return order
    .sort((x, y) => distances[x]! - distances[y]! || x - y)
    .slice(0, limit)
    .map((at) => keys[at]!);
}

function bits(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  rest = (rest + (rest >>> 4)) & 0x0f0f0f0f;
  return Math.imul(rest, 0x01010101) >>> 24;
}
