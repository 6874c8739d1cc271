/** Linear memory as the reference operators see it: one buffer under four element types, addresses in bytes. */
export class Memory {
  readonly u8: Uint8Array;
  readonly i8: Int8Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;

  /** @param buffer Its length is a multiple of 4. */
  constructor(buffer: ArrayBufferLike) {
    this.u8 = new Uint8Array(buffer);
    this.i8 = new Int8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f32 = new Float32Array(buffer);
  }

  byte(address: number): number {
    return this.u8[address]!;
  }

  signedByte(address: number): number {
    return this.i8[address]!;
  }

  /** @param address A multiple of 4. */
  integer(address: number): number {
    return this.i32[address >> 2]!;
  }

  /** @param address A multiple of 4. */
  float(address: number): number {
    return this.f32[address >> 2]!;
  }

  /** Reader of one instruction's words by the members of its enum. */
  instruction(address: number): { word(index: number): number; real(index: number): number } {
    return {
      word: (index) => this.integer(address + 4 * index),
      real: (index) => this.float(address + 4 * index),
    };
  }
}

export type Instruction = ReturnType<Memory["instruction"]>;
