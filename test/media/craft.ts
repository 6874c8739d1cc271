/** Files that no encoder writes. */
import { crc32 } from "../../src/media/crc32.ts";

const encoder = new TextEncoder();

export function concatenate(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The position of a text of ASCII characters in a file. */
export function find(bytes: Uint8Array, text: string, from = 0): number {
  const wanted = encoder.encode(text);
  for (let at = from; at < bytes.length; at++) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  throw new Error(`The file does not contain ${text}.`);
}

export interface PngOptions {
  readonly width: number;
  readonly height: number;
  /** Inflated picture data. Default: white pixels for the size. */
  readonly data?: Uint8Array;
  readonly bitDepth?: number;
  readonly colourType?: number;
}

/** A PNG whose header may say anything; grey of 1 bit unless told otherwise. */
export async function png({
  width,
  height,
  data,
  bitDepth = 1,
  colourType = 0,
}: PngOptions): Promise<Uint8Array> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bitDepth, colourType, 0, 0, 0], 8);
  const rows = data ?? whiteRows(width, height);
  return concatenate(
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    chunk("IHDR", header),
    chunk("IDAT", await deflate(rows)),
    chunk("IEND", new Uint8Array(0)),
  );
}

function whiteRows(width: number, height: number): Uint8Array {
  const line = 1 + Math.ceil(width / 8);
  return new Uint8Array(line * height).map((_, at) => (at % line === 0 ? 0 : 255));
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const covered = concatenate(encoder.encode(type), body);
  const frame = new DataView(new ArrayBuffer(8));
  frame.setUint32(0, body.length);
  frame.setUint32(4, crc32(covered));
  const numbers = new Uint8Array(frame.buffer);
  return concatenate(numbers.subarray(0, 4), covered, numbers.subarray(4));
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const packed = stream.pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** A JPEG with another size in its frame header. */
export function withJpegSize(file: Uint8Array, width: number, height: number): Uint8Array {
  const changed = file.slice();
  for (let at = 2; at < changed.length; ) {
    const marker = changed[at + 1]!;
    if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) {
      new DataView(changed.buffer).setUint16(at + 5, height);
      new DataView(changed.buffer).setUint16(at + 7, width);
      return changed;
    }
    at += 2 + ((changed[at + 2]! << 8) | changed[at + 3]!);
  }
  throw new Error("The JPEG has no frame.");
}

/** A progressive JPEG that repeats its first scan. */
export function withRepeatedScan(file: Uint8Array, times: number): Uint8Array {
  const scans: number[] = [];
  for (let at = 0; at + 1 < file.length; at++) if (file[at] === 0xff && file[at + 1] === 0xda) scans.push(at);
  const [first, second] = scans as [number, number];
  let end = first + 2;
  // Up to the next marker that is not a stuffed zero: tables may stand between scans.
  while (end < second && !(file[end] === 0xff && file[end + 1] !== 0)) end++;
  const scan = file.subarray(first, end);
  return concatenate(file.subarray(0, end), ...Array<Uint8Array>(times).fill(scan), file.subarray(end));
}
