/** Asks for an embedding that the edge may already have: the fastest way, because nothing is computed. */
import { type Embedding, unit } from "../compare.ts";
import type { Model } from "../model.ts";
import { responseProblem } from "../problem.ts";
import type { CacheLayer, Stage } from "./encoding.ts";
import { roundTrip } from "./timing.ts";

/** A cache that takes longer is no help. */
const PATIENCE_MS = 5_000;

export interface Answer {
  readonly embedding: Embedding;
  readonly cache: CacheLayer;
  readonly stages: readonly Stage[];
}

/** The embedding of the picture with this sha256, or undefined when nobody has computed it yet. */
export async function lookUp(model: Model, sha256: string): Promise<Answer | undefined> {
  const start = performance.now();
  const response = await fetch(`/v1/embeddings/${model.reference}/${sha256}`, {
    headers: { accept: "application/octet-stream" },
    // The browser's own cache would answer without the headers of this request.
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw await responseProblem(response);
  const embedding = unit(new Float32Array(await response.arrayBuffer()));
  return {
    embedding,
    cache: cacheLayer(response.headers, "store"),
    stages: roundTrip(response.headers.get("server-timing"), performance.now() - start),
  };
}

/** The layer that `x-corkboard-cache` names. */
export function cacheLayer(headers: Headers, otherwise: CacheLayer): CacheLayer {
  const layer = headers.get("x-corkboard-cache");
  return layer === "edge" || layer === "store" || layer === "miss" ? layer : otherwise;
}
