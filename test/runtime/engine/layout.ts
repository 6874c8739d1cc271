/** Lays out one random instruction and its operands in memory, for the kernels and for the reference. */
import { encodeInstruction, type Words } from "../../../src/runtime/engine/program/encode.ts";
import type { Op } from "../../../src/runtime/engine/program/fields.ts";
import { depthwiseWeight, gemmWeight } from "../../../src/runtime/engine/reference/packing.ts";
import type { Random } from "./random.ts";

/** How the bytes of an operand are chosen. */
export type Fill =
  | "sevenBits"
  | "eightBits"
  | "weights"
  | "extremeWeights"
  | "bias"
  | "scale"
  | "float"
  | "nothing";

/** An instruction in memory: where it stands, and bytes that the kernels may use as they like. */
export interface Laid {
  readonly program: number;
  readonly scratch: { readonly start: number; readonly end: number };
}

export class Layout {
  readonly #buffer: Uint8Array;
  readonly #random: Random;
  #next: number;
  #scratch = { start: 0, end: 0 };

  constructor(buffer: Uint8Array, base: number, random: Random) {
    this.#buffer = buffer;
    this.#next = base;
    this.#random = random;
  }

  /** Takes `bytes` bytes, aligned to 16, and fills them. */
  place(bytes: number, fill: Fill): number {
    const address = this.#next;
    // A margin of untouched bytes behind every operand shows writes beyond its end.
    this.#next = (address + bytes + 64 + 15) & ~15;
    if (this.#next > this.#buffer.length - 65536) throw new RangeError("The case does not fit into memory.");
    this.#fill(address, bytes, fill);
    return address;
  }

  placeBytes(bytes: ArrayLike<number>): number {
    const address = this.place(bytes.length, "nothing");
    this.#buffer.set(bytes, address);
    return address;
  }

  scratch(bytes: number, fill: Fill = "nothing"): number {
    const start = this.place(bytes, fill);
    this.#scratch = { start, end: start + bytes };
    return start;
  }

  read(address: number, bytes: number): Int8Array {
    return new Int8Array(this.#buffer.buffer, address, bytes);
  }

  /** Sets the weights of a product to zero from sum index `from` on. */
  zeroDepth(weights: number, columns: number, depth: number, from: number): void {
    for (let column = 0; column < columns; column++) {
      for (let k = from; k < depth; k++) this.#buffer[weights + gemmWeight(column, k, depth)] = 0;
    }
  }

  /** Sets the weights of a depthwise convolution to zero where it has no tap. */
  zeroTaps(weights: number, channels: number, groups: number, places: ReadonlySet<number>): void {
    for (let channel = 0; channel < channels; channel++) {
      for (let place = 0; place < 4 * groups; place++) {
        if (!places.has(place)) this.#buffer[weights + depthwiseWeight(channel, place, groups)] = 0;
      }
    }
  }

  instruction(op: Op, length: number, words: Words): Laid {
    const encoded = new Uint8Array(encodeInstruction(op, length, words).buffer);
    return { program: this.placeBytes(encoded), scratch: this.#scratch };
  }

  #fill(address: number, bytes: number, fill: Fill): void {
    const view = new DataView(this.#buffer.buffer, address, bytes);
    const random = this.#random;
    for (let i = 0; i < bytes; i++) {
      if (fill === "sevenBits") view.setUint8(i, random.chance(0.1) ? 127 : random.int(0, 127));
      else if (fill === "eightBits") view.setUint8(i, random.chance(0.1) ? 255 : random.int(0, 255));
      else if (fill === "weights") view.setInt8(i, Math.round((random.unit() + random.unit() - 1) * 100));
      else if (fill === "extremeWeights") view.setInt8(i, random.pick([-128, 127, random.int(-128, 127)]));
      else if (fill === "nothing") view.setUint8(i, 0xa5);
    }
    for (let i = 0; i + 4 <= bytes; i += 4) {
      if (fill === "bias") view.setInt32(i, random.int(-50_000, 50_000), true);
      else if (fill === "scale") view.setFloat32(i, 10 ** (-4.5 + 3 * random.unit()), true);
      else if (fill === "float") view.setFloat32(i, 6 * (random.unit() + random.unit() - 1), true);
    }
  }
}
