/** WebP pixels, by libwebp, which decodes stills; an animation's first frame is handed to it as a still. */
import { type Pixels, placeOnCanvas } from "../pixels.ts";
import { decodeWithWasm } from "../wasm-decoder.ts";
import { readWebpLayout, type WebpFrame } from "./header.ts";

const ALPHA_FLAG = 0x10;

export async function decodeWebp(bytes: Uint8Array, maxHeap: number): Promise<Pixels> {
  const { header, frame, file } = readWebpLayout(bytes);
  const still = header.animated ? stillFile(frame) : file;
  const { width, height, data } = await decodeWithWasm("webp", still, maxHeap);
  const pixels: Pixels = { width, height, data };
  const covers = frame.width === header.width && frame.height === header.height;
  return covers ? pixels : placeOnCanvas(pixels, header.width, header.height, frame.x, frame.y);
}

/** A WebP file of the frame alone: RIFF header, extended header, the frame's chunks. */
function stillFile(frame: WebpFrame): Uint8Array {
  const file = new Uint8Array(30 + frame.chunks.length);
  const view = new DataView(file.buffer);
  const text = (at: number, value: string) => {
    for (let index = 0; index < 4; index++) file[at + index] = value.charCodeAt(index);
  };
  text(0, "RIFF");
  view.setUint32(4, file.length - 8, true);
  text(8, "WEBP");
  text(12, "VP8X");
  view.setUint32(16, 10, true);
  view.setUint8(20, frame.hasAlpha ? ALPHA_FLAG : 0);
  setUint24(view, 24, frame.width - 1);
  setUint24(view, 27, frame.height - 1);
  file.set(frame.chunks, 30);
  return file;
}

function setUint24(view: DataView, at: number, value: number): void {
  view.setUint16(at, value & 0xffff, true);
  view.setUint8(at + 2, value >>> 16);
}
