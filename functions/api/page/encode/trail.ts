/** Tells in one line how an embedding was reached: what was tried, why not, and what answered. */
import { type Encoding, PLACE_NAMES } from "./encoding.ts";

/** For example `WebGPU: no adapter → WASM`, `WebGPU`, `Edge cache`. */
export function trailOf({ cache, place, passedOver }: Encoding): string {
  const end = cache === "edge" ? "Edge cache" : cache === "store" ? "Store" : PLACE_NAMES[place];
  return [...passedOver, end].join(" → ");
}
