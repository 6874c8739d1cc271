/** Tells in one line how an embedding was reached: what was tried, why not, and what answered. */
import { type Encoding, PLACE_NAMES } from "./encoding.ts";

/** For example `WebGPU: no adapter → WASM (Corkboard engine, relaxed SIMD)`, `Edge cache`. */
export function trailOf({ cache, place, engine, passedOver }: Encoding): string {
  const computed = engine === undefined ? PLACE_NAMES[place] : `${PLACE_NAMES[place]} (${engine})`;
  const end = cache === "edge" ? "Edge cache" : cache === "store" ? "Store" : computed;
  return [...passedOver, end].join(" → ");
}
