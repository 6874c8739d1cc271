/** AVIF pixels, by libavif. */
import type { Pixels } from "../pixels.ts";
import { decodeWithWasm } from "../wasm-decoder.ts";

export async function decodeAvif(bytes: Uint8Array, maxHeap: number): Promise<Pixels> {
  const { width, height, data } = await decodeWithWasm("avif", bytes, maxHeap);
  return { width, height, data };
}
