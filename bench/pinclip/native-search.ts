/** The same search in one Node process: text tower on onnxruntime-node, vectors in memory, keys for an answer. */
import { readFile } from "node:fs/promises";
import type { TextEmbeddingManifest } from "../../src/runtime/manifest.ts";
import { TextEmbedder } from "../../src/vision/text-embedding.ts";
import { TextTokenizer } from "../../src/vision/text-tokenizer.ts";
import { exactNeighbours, usearchContestant } from "../search/usearch-contestant.ts";
import { nativeSession, network } from "./network.ts";

export type Vector = Float32Array<ArrayBuffer>;

export interface NativeTower {
  /** Vectors of unit length, in the order of the texts. */
  embed(texts: readonly string[]): Promise<readonly Vector[]>;
  close(): Promise<void>;
}

/** pinclip-text int8 on one thread. */
export async function nativeTower(): Promise<NativeTower> {
  const tower = await network("pinclip-text");
  const manifest = tower.manifest as TextEmbeddingManifest;
  const json = await readFile(new URL(manifest.text.tokenizer.path, tower.file("int8")), "utf8");
  const session = await nativeSession(tower, "int8");
  const tokenizer = new TextTokenizer(json, manifest.text);
  const embedder = new TextEmbedder(manifest, tokenizer, { infer: (_, inputs) => session.run(inputs) });
  return {
    embed: async (texts) => (await embedder.embed(texts)).embeddings,
    close: () => session.dispose(),
  };
}

/** Keys of the `k` nearest, nearest first. */
export type FindKeys = (text: string, k: number) => Promise<readonly number[]>;

/** Compares with every vector, all of its floats, on one thread. */
export function exactSearch(tower: NativeTower, vectors: Vector): FindKeys {
  return async (text, k) => exactNeighbours(vectors, (await tower.embed([text]))[0]!, k, 1)[0]!;
}

/** usearch's HNSW. Building it takes half a minute for 100,000 vectors. */
export async function graphSearch(tower: NativeTower, vectors: Vector) {
  const index = await usearchContestant();
  await index.build(vectors);
  const find: FindKeys = async (text, k) => index.search((await tower.embed([text]))[0]!, k);
  return { find, close: index.close };
}
