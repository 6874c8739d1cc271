/** IEEE 754 binary16 ("FP16") to and from float32, since not every runtime has `Float16Array`. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Exponents and signs, moved from their place in 32 bits to that in 16. */
const REBIAS = 0x38000000;
/** 2¹⁶, above which everything is infinite; 2⁻¹⁴, below which halves are subnormal. */
const OVERFLOW = 0x47800000;
const SUBNORMAL = 0x38800000;
const INFINITE = 0x7f800000;

function toBits(value: number): number {
  float[0] = value;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const absolute = bits[0]! & 0x7fffffff;
  if (absolute >= OVERFLOW) return sign | (absolute > INFINITE ? 0x7e00 : 0x7c00);
  if (absolute < SUBNORMAL) {
    // Beside a half, the last bit of a float32 is worth as much as that of a subnormal: the sum is rounded right.
    bits[0] = absolute;
    float[0] += 0.5;
    return sign | (bits[0]! - 0x3f000000);
  }
  // To nearest, ties to even.
  return sign | ((absolute - REBIAS + 0xfff + ((absolute >>> 13) & 1)) >>> 13);
}

function fromBits(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let table: Float32Array | undefined;

/** Halves, as raw 16-bit words, rounded to nearest even. */
export function toHalf(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  for (let at = 0; at < values.length; at++) halves[at] = toBits(values[at]!);
  return halves;
}

/** Exact. */
export function fromHalf(halves: Uint16Array): Float32Array<ArrayBuffer> {
  table ??= Float32Array.from({ length: 65_536 }, (_, half) => fromBits(half));
  const values = new Float32Array(halves.length);
  for (let at = 0; at < halves.length; at++) values[at] = table[halves[at]!]!;
  return values;
}
