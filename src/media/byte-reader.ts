/** Reading numbers from hostile bytes: every read is checked against the end. */
import { InvalidPictureError } from "./errors.ts";

/** A window on bytes with a position. Reads past the end throw {@link InvalidPictureError}. */
export class ByteReader {
  position: number;
  readonly end: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.position = start;
    this.end = Math.min(end, bytes.length);
  }

  get remaining(): number {
    return this.end - this.position;
  }

  skip(count: number): void {
    this.#need(count);
    this.position += count;
  }

  u8(): number {
    this.#need(1);
    return this.#bytes[this.position++]!;
  }

  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  u24(): number {
    return (this.u8() << 16) | this.u16();
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  u64(): number {
    return this.u32() * 0x1_0000_0000 + this.u32();
  }

  u16le(): number {
    return this.u8() | (this.u8() << 8);
  }

  u24le(): number {
    return this.u16le() | (this.u8() << 16);
  }

  u32le(): number {
    return this.u16le() + this.u16le() * 0x10000;
  }

  /** `length` bytes as Latin-1 text. */
  text(length: number): string {
    return String.fromCharCode(...this.bytes(length));
  }

  /** A view (no copy) of the next `length` bytes. */
  bytes(length: number): Uint8Array {
    this.#need(length);
    this.position += length;
    return this.#bytes.subarray(this.position - length, this.position);
  }

  /** A reader of the next `length` bytes, which this one skips. */
  window(length: number): ByteReader {
    this.#need(length);
    const start = this.position;
    this.position += length;
    return new ByteReader(this.#bytes, start, start + length);
  }

  /** A reader of the rest, which this one does not skip. */
  copy(): ByteReader {
    return new ByteReader(this.#bytes, this.position, this.end);
  }

  #need(count: number): void {
    if (count < 0 || count > this.end - this.position) {
      throw new InvalidPictureError("The file is cut off or its header is damaged.");
    }
  }
}
