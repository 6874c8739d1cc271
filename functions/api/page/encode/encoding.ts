/** What encoding a picture gives, whoever did it. */
import type { Embedding } from "../compare.ts";

/** Where embeddings can be computed. */
export type Place = "webgpu" | "wasm" | "server";

/** What the visitor asks for. */
export type EncoderChoice = "auto" | Place;

export const PLACE_NAMES: Readonly<Record<Place, string>> = {
  webgpu: "WebGPU",
  wasm: "WASM",
  server: "Server",
};

/** One step on the way to an embedding. */
export interface Stage {
  readonly name: string;
  readonly ms: number;
}

/** Which layer answered: the edge cache, the store behind it, or nobody (computed now). */
export type CacheLayer = "edge" | "store" | "miss";

export interface Encoding {
  readonly embedding: Embedding;
  readonly sha256: string;
  readonly place: Place;
  readonly cache: CacheLayer;
  readonly stages: readonly Stage[];
  /** What ran the model on this device: `Corkboard engine, relaxed SIMD`; absent for a server's answer. */
  readonly engine?: string;
  /** Why other encoders were passed over, in order: `WebGPU: no adapter`. */
  readonly passedOver: readonly string[];
}

/** What an encoder is doing now, for the visitor. */
export type Report = (activity: string) => void;
