/** AVIF pixels, by libavif. */

import type { Pixels } from "../pixels.ts";
import { decodeWithWasm } from "../wasm-decoder.ts";
import { readTopLevelBoxes } from "./boxes.ts";

export async function decodeAvif(bytes: Uint8Array, maxHeap: number): Promise<Pixels> {
  // What was appended behind the last box is not for the decoder to interpret.
  const { end } = readTopLevelBoxes(bytes);
  const { width, height, data } = await decodeWithWasm("avif", bytes.subarray(0, end), maxHeap);
  return { width, height, data };
}
