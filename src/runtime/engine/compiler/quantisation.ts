/** How bytes stand for real numbers: real = (byte − zero) × scale. */
import { nearestEven } from "../reference/rounding.ts";

export interface Quantisation {
  readonly scale: number;
  readonly zero: number;
  /** Smallest and largest byte that occurs. */
  readonly low: number;
  readonly high: number;
}

const SEVEN_BITS = 127;
const EIGHT_BITS = 255;

/**
 * The same range of real numbers in 7 bits, as the relaxed inner product needs them: steps 255/127 times as large.
 * What already fits stays as it is.
 */
export function sevenBits(quantisation: Quantisation): Quantisation {
  if (quantisation.high <= SEVEN_BITS) return quantisation;
  const ratio = SEVEN_BITS / EIGHT_BITS;
  return {
    scale: quantisation.scale / ratio,
    zero: Math.round(quantisation.zero * ratio),
    low: Math.round(quantisation.low * ratio),
    high: Math.min(SEVEN_BITS, Math.round(quantisation.high * ratio)),
  };
}

/** Real numbers beyond [min, max] become those. */
export function clampedTo(quantisation: Quantisation, min: number, max: number): Quantisation {
  const byte = (real: number) => nearestEven(real / quantisation.scale) + quantisation.zero;
  const within = (x: number) => Math.min(Math.max(x, quantisation.low), quantisation.high);
  return { ...quantisation, low: within(byte(min)), high: within(byte(max)) };
}

export const sameSteps = (a: Quantisation, b: Quantisation): boolean =>
  a.zero === b.zero && Math.abs(a.scale - b.scale) <= 1e-6 * b.scale;

/** A real number to its byte. */
export function toByte(real: number, { scale, zero, low, high }: Quantisation): number {
  const byte = nearestEven(real / scale) + zero;
  return Number.isNaN(byte) ? zero : Math.min(Math.max(byte, low), high);
}
