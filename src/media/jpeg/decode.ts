/** JPEG pixels: MozJPEG for grey and colour, jpeg-js for CMYK, which MozJPEG cannot turn into RGB. */
import { InvalidPictureError } from "../errors.ts";
import type { PictureHeader } from "../picture.ts";
import type { Pixels } from "../pixels.ts";
import { decodeWithWasm } from "../wasm-decoder.ts";
import { decodeCmykJpeg } from "./decode-cmyk.ts";

/**
 * Complaints that mean missing or wrong pixels. MozJPEG itself goes on and fills up with grey; an embedding of
 * that would be stored under the picture's name, so such files are refused. Others ("extraneous bytes before
 * marker", as some cameras write) leave the pixels intact.
 */
const DAMAGE = /premature end|bad huffman|instead of RST|invalid progressive/i;

export async function decodeJpeg(bytes: Uint8Array, header: PictureHeader, maxHeap: number): Promise<Pixels> {
  if (header.colour === "cmyk" || header.colour === "ycck") return decodeCmykJpeg(bytes, header, maxHeap);
  const { warnings, ...pixels } = await decodeWithWasm("jpeg", bytes, maxHeap);
  const damage = warnings.find((warning) => DAMAGE.test(warning));
  if (damage) throw new InvalidPictureError(`The JPEG is cut off or damaged: ${damage}.`);
  return pixels;
}
