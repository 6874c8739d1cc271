/** Codes of 128 or 256 bits in memory, searched by Hamming distance in WebAssembly. */
import { compileHamming } from "#catalog/wasm";
import {
  CODE_AT,
  type CodeBytes,
  FOUND_DISTANCES_AT,
  FOUND_KEYS_AT,
  MASK_BYTES,
  MAX_CANDIDATES,
  SEGMENT_CODES,
  SEGMENTS_AT,
  type SegmentLayout,
  STAGE_AT,
  STAGE_CODES,
  STRIDE_CODES,
  segmentLayout,
  WASM_PAGE,
} from "./kernels/layout.ts";
import type { KeySet } from "./key-set.ts";

/** Keys of one index end here: 4 million codes of 256 bits are 128 MiB, more than an isolate has. */
export const MAX_KEY = 4 * 1024 * 1024 - 1;

/** What a search found, nearest first, smaller keys first among those as near. */
export interface Candidates {
  readonly keys: Uint32Array;
  /** Differing bits of the code with the key at the same place: 0 … the bits of a code. */
  readonly distances: Uint16Array;
}

export interface NearestOptions {
  /** Only these keys. @default all */
  readonly among?: KeySet;
  /** Not these keys. @default none */
  readonly except?: KeySet;
  /** The greatest distance. @default any */
  readonly radius?: number;
}

interface Kernel {
  readonly memory: WebAssembly.Memory;
  begin(limit: number, radius: number, bytes: CodeBytes): void;
  /** Of codes of 256 bits. */
  scan(codes: number, mask: number, blocks: number, key: number): void;
  /** Of codes of 128 bits. */
  scan128(codes: number, mask: number, blocks: number, key: number): void;
  finish(): number;
  place(codes: number, at: number, count: number, bytes: CodeBytes): void;
}

/**
 * A table of codes by key. Keys are small whole numbers that the caller hands out, dense from 0 or 1: a code lies
 * where its key says, so that nothing moves when another one is removed. Memory is the code's bytes and two bits for
 * every key up to the largest, in steps of 65,536 keys.
 *
 * @example
 * ```ts
 * const index = await HammingIndex.create();
 * index.set(1, signCode(embedding));
 * const { keys, distances } = index.nearest(signCode(query), 100);
 * ```
 */
export class HammingIndex {
  /** Bytes of a code. */
  readonly codeBytes: CodeBytes;
  readonly #kernel: Kernel;
  readonly #layout: SegmentLayout;
  #bytes: Uint8Array;
  #size = 0;
  /** One more than the largest key ever set. */
  #end = 0;

  private constructor(kernel: Kernel, codeBytes: CodeBytes) {
    this.#kernel = kernel;
    this.codeBytes = codeBytes;
    this.#layout = segmentLayout(codeBytes);
    this.#bytes = new Uint8Array(kernel.memory.buffer);
    this.#reserve(0);
  }

  /** @param codeBytes length of its codes. */
  static async create(codeBytes: CodeBytes = 32): Promise<HammingIndex> {
    const instance = await WebAssembly.instantiate(await compileHamming());
    return new HammingIndex(instance.exports as unknown as Kernel, codeBytes);
  }

  /** How many codes are in the index. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of WebAssembly memory. */
  get memoryBytes(): number {
    return this.#bytes.byteLength;
  }

  has(key: number): boolean {
    return key < this.#end && (this.#bytes[this.#liveByte(key)]! & (1 << (key & 7))) !== 0;
  }

  /** Adds a code, or replaces the one with the same key. @throws RangeError for a key or code that cannot be. */
  set(key: number, code: Uint8Array): void {
    this.load(key, code);
  }

  /**
   * Adds codes with the keys `first`, `first + 1`, …
   * @param codes n codes, one after the other.
   */
  load(first: number, codes: Uint8Array): void {
    const { codeBytes } = this;
    const count = codes.length / codeBytes;
    if (!Number.isInteger(count)) throw new RangeError(`${codes.length} bytes are no codes of ${codeBytes}`);
    if (!Number.isInteger(first) || first < 0 || first + count - 1 > MAX_KEY) {
      throw new RangeError(`keys from ${first}: they are whole numbers from 0 to ${MAX_KEY}`);
    }
    this.#reserve(first + count);
    for (let done = 0; done < count; ) {
      const key = first + done;
      const at = key % SEGMENT_CODES;
      const step = Math.min(STAGE_CODES, SEGMENT_CODES - at, count - done);
      this.#bytes.set(codes.subarray(done * codeBytes, (done + step) * codeBytes), STAGE_AT);
      this.#kernel.place(this.#segmentAt(key), at, step, codeBytes);
      for (let next = key; next < key + step; next++) this.#revive(next);
      done += step;
    }
  }

  /** Removes a code; answers whether there was one. */
  delete(key: number): boolean {
    if (!this.has(key)) return false;
    this.#bytes[this.#liveByte(key)]! &= ~(1 << (key & 7));
    this.#size--;
    return true;
  }

  /**
   * The `limit` nearest codes.
   * @param limit 1 … {@link MAX_CANDIDATES}
   */
  nearest(
    code: Uint8Array,
    limit: number,
    { among, except, radius = this.codeBytes * 8 }: NearestOptions = {},
  ): Candidates {
    if (code.length !== this.codeBytes)
      throw new RangeError(`a code has ${this.codeBytes} bytes, not ${code.length}`);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_CANDIDATES) {
      throw new RangeError(`${limit} candidates: from 1 to ${MAX_CANDIDATES} can be asked for`);
    }
    this.#bytes.set(code, CODE_AT);
    this.#kernel.begin(limit, radius, this.codeBytes);
    for (let first = 0; first < this.#end; first += SEGMENT_CODES) {
      const segment = this.#segmentAt(first);
      const codes = Math.min(SEGMENT_CODES, this.#end - first);
      const blocks = Math.ceil(codes / STRIDE_CODES) * 4;
      if (among || except) this.#choose(segment, first, among, except);
      const mask = among || except ? this.#layout.chosenMask : this.#layout.liveMask;
      if (this.codeBytes === 16) this.#kernel.scan128(segment, segment + mask, blocks, first);
      else this.#kernel.scan(segment, segment + mask, blocks, first);
    }
    const found = this.#kernel.finish();
    const { buffer } = this.#kernel.memory;
    return {
      keys: new Uint32Array(buffer, FOUND_KEYS_AT, found).slice(),
      distances: new Uint16Array(buffer, FOUND_DISTANCES_AT, found).slice(),
    };
  }

  /** Writes the mask of keys in the index that are in the one set, where there is one, and not in the other. */
  #choose(segment: number, first: number, among: KeySet | undefined, except: KeySet | undefined): void {
    const words = MASK_BYTES / 4;
    const live = new Uint32Array(this.#kernel.memory.buffer, segment + this.#layout.liveMask, words);
    const chosen = new Uint32Array(this.#kernel.memory.buffer, segment + this.#layout.chosenMask, words);
    const start = first >>> 5;
    const given = among ? Math.max(0, Math.min(words, among.words.length - start)) : words;
    for (let word = 0; word < given; word++) {
      const wanted = among ? among.words[start + word]! : -1;
      chosen[word] = live[word]! & wanted & ~(except?.words[start + word] ?? 0);
    }
    chosen.fill(0, given);
  }

  #reserve(end: number): void {
    const needed = SEGMENTS_AT + Math.ceil(end / SEGMENT_CODES) * this.#layout.bytes;
    const missing = Math.ceil((needed - this.#bytes.byteLength) / WASM_PAGE);
    if (missing > 0) {
      this.#kernel.memory.grow(missing);
      this.#bytes = new Uint8Array(this.#kernel.memory.buffer);
    }
    this.#end = Math.max(this.#end, end);
  }

  #revive(key: number): void {
    if (this.has(key)) return;
    this.#bytes[this.#liveByte(key)]! |= 1 << (key & 7);
    this.#size++;
  }

  #liveByte(key: number): number {
    return this.#segmentAt(key) + this.#layout.liveMask + ((key % SEGMENT_CODES) >>> 3);
  }

  #segmentAt(key: number): number {
    return SEGMENTS_AT + Math.floor(key / SEGMENT_CODES) * this.#layout.bytes;
  }
}
