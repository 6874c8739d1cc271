/** Half precision (IEEE 754 binary16) as the bits that ONNX Runtime takes. */

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** Nearest halves, to even; what is too large becomes infinite. */
export function halves(values: Float32Array): Uint16Array {
  const result = new Uint16Array(values.length);
  for (let at = 0; at < values.length; at++) result[at] = half(values[at]!);
  return result;
}

function half(value: number): number {
  single[0] = value;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const size = Math.abs(single[0]!);
  if (!(size < 65520)) return sign | (Number.isNaN(value) ? 0x7e00 : 0x7c00);
  if (size < 2 ** -14) return sign | nearest(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + nearest((size / 2 ** exponent - 1) * 1024));
}

/** The nearest whole number, the even one of two. */
function nearest(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}

export function floats(values: Uint16Array): Float32Array {
  return Float32Array.from(values, (value) => {
    const sign = value & 0x8000 ? -1 : 1;
    const exponent = (value >> 10) & 31;
    const rest = value & 1023;
    if (exponent === 31) return rest ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (exponent === 0 ? rest * 2 ** -24 : (1 + rest / 1024) * 2 ** (exponent - 15));
  });
}
