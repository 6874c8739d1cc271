/** hnswlib in WebAssembly: HNSW over float32 with its default settings. It cannot store an index outside browsers. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { type Contestant, DIMENSIONS, row } from "./contestant.ts";

interface Hnswlib {
  HierarchicalNSW: new (space: string, dimensions: number, file: string) => HnswIndex;
  readonly HEAP8: Int8Array;
}

interface HnswIndex {
  initIndex(count: number, m: number, efConstruction: number, seed: number): void;
  addPoint(vector: Float32Array, label: number, replace: boolean): void;
  setEfSearch(ef: number): void;
  searchKnn(vector: Float32Array, k: number, filter: undefined): { neighbors: number[] };
}

const M = 16;
const EF_CONSTRUCTION = 200;
const EF_SEARCH = 64;
const SEED = 100;

/** The package looks for a page or a web worker around it; in Node it runs when it finds the function of the latter. */
async function load(): Promise<Hnswlib> {
  const global = globalThis as { importScripts?: unknown; self?: unknown; location?: unknown };
  global.importScripts ??= () => {};
  global.self ??= globalThis;
  global.location ??= { href: import.meta.url };
  // Its package.json names no entry that Node would find.
  const path = createRequire(import.meta.url).resolve("hnswlib-wasm/dist/hnswlib.js");
  const { loadHnswlib } = (await import(pathToFileURL(path).href)) as { loadHnswlib: () => Promise<Hnswlib> };
  return loadHnswlib();
}

export async function hnswlibContestant(): Promise<Contestant> {
  const library = await load();
  const index = new library.HierarchicalNSW("cosine", DIMENSIONS, "");
  return {
    async build(vectors) {
      const count = vectors.length / DIMENSIONS;
      index.initIndex(count, M, EF_CONSTRUCTION, SEED);
      for (let key = 0; key < count; key++) index.addPoint(row(vectors, key), key, false);
      index.setEfSearch(EF_SEARCH);
    },
    search: async (vector, k) => index.searchKnn(vector, k, undefined).neighbors,
    memoryBytes: async () => library.HEAP8.byteLength,
    async close() {},
  };
}
