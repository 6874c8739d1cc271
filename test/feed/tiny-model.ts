/** A real model of two small layers with random weights, written by `models/unipinrec/export.py`, and items for it. */
import { readFileSync } from "node:fs";
import { normals } from "../../bench/search/clustered-vectors.ts";
import type { CascadeRequest } from "../../src/feed/cascade-request.ts";
import { buildItemTable, type ItemTable } from "../../src/feed/item-table.ts";
import { SequenceModel } from "../../src/feed/sequence-model.ts";
import type { VectorPage } from "../../src/feed/vector-page.ts";
import { toHalf } from "../../src/runtime/half.ts";
import { type Precision, SequenceRankingManifest } from "../../src/runtime/manifest.ts";

export const TINY_FOLDER = new URL("fixtures/unipinrec/", import.meta.url);

const read = (path: string) => new Uint8Array(readFileSync(new URL(path, TINY_FOLDER)));

export const tinyManifest = SequenceRankingManifest.parse(
  JSON.parse(new TextDecoder().decode(read("manifest.json"))),
);

export function loadTiny(precision: Precision = "fp32"): Promise<SequenceModel> {
  const { graphs, start } = tinyManifest;
  const file = (graph: keyof typeof graphs) => read(graphs[graph].files[precision]!.path);
  const files = {
    graphs: { item: file("item"), history: file("history"), candidates: file("candidates") },
    start: read(start.path),
  };
  return SequenceModel.load(files, { manifest: tinyManifest, precision, provider: "cpu", threads: 1 });
}

/** Unit vectors of `dimensions` components, one after the other. */
export function contents(count: number, seed: number, dimensions = 16): Float32Array {
  const normal = normals(seed);
  const vectors = Float32Array.from({ length: count * dimensions }, normal);
  for (let row = 0; row < count; row++) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    const length = Math.hypot(...vector);
    for (const [at, value] of vector.entries()) vector[at] = value / length;
  }
  return vectors;
}

/** Items `item-0`, `item-1` … in pages. */
export async function* pagesOf(count: number, seed: number, perPage = 50): AsyncGenerator<VectorPage> {
  const { model, dimensions } = tinyManifest.content;
  const vectors = toHalf(contents(count, seed));
  for (let from = 0; from < count; from += perPage) {
    const ids = Array.from({ length: Math.min(perPage, count - from) }, (_, at) => `item-${from + at}`);
    const end = (from + ids.length) * dimensions;
    yield { model, dimensions, ids, vectors: vectors.subarray(from * dimensions, end) };
  }
}

export function tableOf(
  model: SequenceModel,
  count = 120,
  seed = 1,
  revision = `"${seed}"`,
): Promise<ItemTable> {
  return buildItemTable({ model, revision, pages: pagesOf(count, seed), index: "exact" });
}

/** A person who did something with items `from` … `to` − 1, one a minute. */
export function requestOf(from: number, to: number, more: Partial<CascadeRequest> = {}): CascadeRequest {
  const count = to - from;
  const items = Array.from({ length: count }, (_, at) => `item-${from + at}`);
  const actions = Uint8Array.from({ length: count * 5 }, (_, at) =>
    (at + Math.floor(at / 5) * 2 + from) % 5 === 0 ? 1 : 0,
  );
  const start = 1_700_000_000_000;
  return {
    user: "u-1",
    items,
    actions,
    times: Float64Array.from({ length: count }, (_, at) => start + (from + at) * 60_000),
    surfaces: items.map((_, at) => ["feed", "search", ""][(from + at) % 3]!),
    now: start + to * 60_000,
    surface: "feed",
    exclude: [],
    limit: 12,
    ...more,
  };
}

/** All that comes, in order. */
export async function listOf<One>(all: AsyncIterable<One>): Promise<One[]> {
  const list: One[] = [];
  for await (const one of all) list.push(one);
  return list;
}
