/** The wire format of protocol buffers, reading only. */

/** One occurrence of a field; which member counts depends on the schema. */
export interface Field {
  readonly integer: number;
  readonly float: number;
  readonly bytes: Uint8Array;
}

/** Fields by number, in order of occurrence. */
export type Message = ReadonlyMap<number, readonly Field[]>;

const NOTHING = new Uint8Array();

/** @throws {SyntaxError} when the bytes are no message. */
export function fields(bytes: Uint8Array): Message {
  const message = new Map<number, Field[]>();
  const reader = new Reader(bytes);
  while (!reader.done) {
    const key = reader.varint();
    const number = Math.floor(key / 8);
    const field = reader.field(key % 8);
    const list = message.get(number);
    if (list) list.push(field);
    else message.set(number, [field]);
  }
  return message;
}

const decoder = new TextDecoder();
export const text = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Repeated integers, packed or not. */
export function packedVarints(list: readonly Field[]): number[] {
  return list.flatMap((field) => {
    if (field.bytes === NOTHING) return [field.integer];
    const reader = new Reader(field.bytes);
    const values: number[] = [];
    while (!reader.done) values.push(reader.varint());
    return values;
  });
}

/** Repeated 32-bit floats, packed or not. */
export function packedFloats(list: readonly Field[]): number[] {
  return list.flatMap(({ bytes, float }) => {
    if (bytes === NOTHING) return [float];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(4 * i, true));
  });
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** A varint as a signed 64-bit integer; exact up to 2⁵³. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new SyntaxError("A varint is cut off.");
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw new SyntaxError("A varint is longer than 64 bits.");
  }

  field(wire: number): Field {
    switch (wire) {
      case 0:
        return { integer: this.varint(), float: 0, bytes: NOTHING };
      case 1:
        return { integer: 0, float: this.#view.getFloat64(this.#skip(8), true), bytes: NOTHING };
      case 2: {
        const length = this.varint();
        const start = this.#skip(length);
        return { integer: 0, float: 0, bytes: this.#bytes.subarray(start, start + length) };
      }
      case 5:
        return { integer: 0, float: this.#view.getFloat32(this.#skip(4), true), bytes: NOTHING };
      default:
        throw new SyntaxError(`Wire type ${wire} is none of protocol buffers 3.`);
    }
  }

  #skip(count: number): number {
    const start = this.#at;
    if (count < 0 || start + count > this.#bytes.length) throw new SyntaxError("A field is cut off.");
    this.#at += count;
    return start;
  }
}
