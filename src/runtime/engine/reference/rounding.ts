/** Rounding and clamping as the engine defines them. */

/** Nearest integer, ties to the even one. */
export function nearestEven(x: number): number {
  const floor = Math.floor(x);
  const distance = x - floor;
  if (distance !== 0.5) return distance < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

export function clamp(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** A 32-bit sum times a 32-bit float scale, each step rounded to a 32-bit float. */
export function scaled(sum: number, scale: number): number {
  return Math.fround(Math.fround(sum) * scale);
}

/** A sum to a byte: clamp(round(sum × scale) + zero, low, high). */
export function requantise(sum: number, scale: number, zero: number, low: number, high: number): number {
  return clamp(nearestEven(scaled(sum, scale)) + zero, low, high);
}
