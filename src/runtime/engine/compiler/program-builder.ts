/** Collects instructions and their buffers, then gives every buffer its address. */

import { PLAN_BASE, type PlanHeader } from "../plan.ts";
import { encodeInstruction, type Real } from "../program/encode.ts";
import { Op } from "../program/fields.ts";
import { packLifetimes } from "./memory-plan.ts";

/** A stretch of memory whose address is not known yet. */
export interface Buffer {
  readonly bytes: number;
  /** Contents that do not change: weights, biases, scales. */
  readonly contents?: Uint8Array;
}

/** A word that becomes an address. */
export interface Address {
  readonly buffer: Buffer;
  readonly offset: number;
}

export type Word = number | Real | Buffer | Address;

interface Pending {
  readonly name: string;
  readonly op: Op;
  readonly length: number;
  readonly words: Readonly<Record<number, Word>>;
  readonly macs: number;
}

const ALIGNMENT = 16;
/** Kernels read whole vectors: up to this many bytes beyond the last tensor. */
const SLACK_BYTES = 256;

export class ProgramBuilder {
  readonly #instructions: Pending[] = [];
  readonly #constants: Buffer[] = [];
  readonly #inputs = new Set<Buffer>();
  readonly #outputs = new Set<Buffer>();

  tensor(bytes: number): Buffer {
    return { bytes: align(bytes) };
  }

  constant(data: Uint8Array | Int8Array | Int32Array | Float32Array): Buffer {
    const contents = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const buffer = { bytes: align(contents.length), contents };
    this.#constants.push(buffer);
    return buffer;
  }

  /** Keeps a buffer free from the start, to be written before the program runs. */
  input(buffer: Buffer): void {
    this.#inputs.add(buffer);
  }

  /** Keeps a buffer until the program has run. */
  output(buffer: Buffer): void {
    this.#outputs.add(buffer);
  }

  emit(name: string, op: Op, length: number, words: Readonly<Record<number, Word>>, macs = 0): void {
    this.#instructions.push({ name, op, length, words, macs });
  }

  /** The image to load at `PLAN_BASE`, and where everything is. */
  build(): {
    readonly image: Uint8Array;
    readonly addressOf: (buffer: Buffer) => number;
    readonly header: Pick<PlanHeader, "program" | "instructions" | "memoryBytes">;
  } {
    const addresses = new Map<Buffer, number>();
    let next = PLAN_BASE;
    for (const buffer of this.#constants) {
      addresses.set(buffer, next);
      next += buffer.bytes;
    }
    const program = next;
    const words = this.#instructions.reduce((sum, { length }) => sum + length, 0);
    const arena = align(program + 4 * words);
    const placed = packLifetimes(this.#lifetimes());
    for (const [buffer, offset] of placed.offsets) addresses.set(buffer, arena + offset);
    const addressOf = (buffer: Buffer) => {
      const address = addresses.get(buffer);
      if (address === undefined) throw new Error("A buffer is used by no instruction.");
      return address;
    };

    const image = new Uint8Array(arena - PLAN_BASE);
    for (const buffer of this.#constants) image.set(buffer.contents!, addressOf(buffer) - PLAN_BASE);
    let at = program - PLAN_BASE;
    for (const { op, length, words } of this.#instructions) {
      const resolved = Object.entries(words).map(
        ([index, word]) => [index, resolve(word, addressOf)] as const,
      );
      image.set(new Uint8Array(encodeInstruction(op, length, Object.fromEntries(resolved)).buffer), at);
      at += 4 * length;
    }
    const instructions = this.#instructions.map(({ name, op, macs }) => ({ name, operator: Op[op]!, macs }));
    return {
      image,
      addressOf,
      header: { program, instructions, memoryBytes: arena + placed.bytes + SLACK_BYTES },
    };
  }

  /** From the first to the last instruction that names a buffer. */
  #lifetimes() {
    const lifetimes = new Map<Buffer, { first: number; last: number }>();
    const extend = (buffer: Buffer, index: number) => {
      if (buffer.contents) return;
      const lifetime = lifetimes.get(buffer);
      if (lifetime) lifetime.last = Math.max(lifetime.last, index);
      else lifetimes.set(buffer, { first: index, last: index });
    };
    for (const buffer of this.#inputs) extend(buffer, 0);
    for (const [index, { words }] of this.#instructions.entries()) {
      for (const word of Object.values(words)) {
        if (typeof word === "object" && !("real" in word))
          extend("buffer" in word ? word.buffer : word, index);
      }
    }
    for (const buffer of this.#outputs) extend(buffer, this.#instructions.length);
    return lifetimes;
  }
}

function resolve(word: Word, addressOf: (buffer: Buffer) => number): number | Real {
  if (typeof word === "number" || "real" in word) return word;
  return "buffer" in word ? addressOf(word.buffer) + word.offset : addressOf(word);
}

const align = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
