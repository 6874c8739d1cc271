/** PNG pixels, row by row as they are inflated, so that only the result is held in full. */
import { InvalidPictureError } from "../errors.ts";
import { type Pixels, words } from "../pixels.ts";
import { type ExpandRow, rowExpander } from "./expand.ts";
import { type PngLayout, readPngLayout } from "./header.ts";
import { inflate } from "./inflate.ts";
import { unfilter } from "./unfilter.ts";

/** A pass over the picture: every `dx`-th pixel of every `dy`-th row, from (x, y) on. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];

const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/**
 * @param signal stops between pieces of the compressed data
 * @throws {InvalidPictureError} when there are fewer or more pixels than the header says, or they are damaged
 */
export async function decodePng(bytes: Uint8Array, signal?: AbortSignal): Promise<Pixels> {
  const layout = readPngLayout(bytes);
  const { width, height } = layout.header;
  const pixels: Pixels = { width, height, data: new Uint8ClampedArray(width * height * 4) };
  const rows = new RowWriter(layout, words(pixels));
  for await (const piece of inflate(layout.data)) {
    signal?.throwIfAborted();
    rows.write(piece);
  }
  if (!rows.complete) throw new InvalidPictureError("The PNG ends before its last row.");
  return pixels;
}

/** Cuts inflated data into rows and writes their pixels. */
class RowWriter {
  readonly #layout: PngLayout;
  readonly #out: Int32Array;
  readonly #expand: ExpandRow;
  readonly #bitsPerPixel: number;
  /** Passes that have pixels; small interlaced pictures skip some. */
  readonly #passes: readonly Pass[];
  #pass = 0;
  #row = 0;
  /** Filter type and pixels. The two lines take turns as the current row and the one above. */
  #line = new Uint8Array(0);
  #above = new Uint8Array(0);
  #filled = 0;

  constructor(layout: PngLayout, out: Int32Array) {
    this.#layout = layout;
    this.#out = out;
    this.#expand = rowExpander(layout);
    this.#bitsPerPixel = CHANNELS[layout.colourType] * layout.bitDepth;
    const { width, height } = layout.header;
    this.#passes = (layout.interlaced ? ADAM7 : WHOLE).filter(({ x, y }) => x < width && y < height);
    this.#startPass();
  }

  get complete(): boolean {
    return this.#pass === this.#passes.length;
  }

  write(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      if (this.complete) {
        throw new InvalidPictureError("The PNG has more picture data than its header announces.");
      }
      const taken = Math.min(this.#line.length - this.#filled, piece.length - at);
      this.#line.set(piece.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === this.#line.length) this.#finishRow();
    }
  }

  #startPass(): void {
    const pass = this.#passes[this.#pass];
    if (!pass) return;
    const length = 1 + Math.ceil((this.#pixelsPerRow(pass) * this.#bitsPerPixel) / 8);
    this.#line = new Uint8Array(length);
    this.#above = new Uint8Array(length);
    this.#row = pass.y;
  }

  #finishRow(): void {
    const pass = this.#passes[this.#pass]!;
    const { width, height } = this.#layout.header;
    const body = this.#line.subarray(1);
    unfilter(this.#line[0]!, body, this.#above.subarray(1), Math.max(1, this.#bitsPerPixel >> 3));
    this.#expand(body, this.#pixelsPerRow(pass), this.#out, this.#row * width + pass.x, pass.dx);
    [this.#line, this.#above] = [this.#above, this.#line];
    this.#filled = 0;
    this.#row += pass.dy;
    if (this.#row < height) return;
    this.#pass++;
    this.#startPass();
  }

  #pixelsPerRow(pass: Pass): number {
    return Math.ceil((this.#layout.header.width - pass.x) / pass.dx);
  }
}
