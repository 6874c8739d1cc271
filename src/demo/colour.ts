/** Colours that are mixed and shaded the way eyes see them (OKLab). */

/** `#rrggbb` */
export type Hex = `#${string}`;

type Lab = readonly [lightness: number, a: number, b: number];

const known = new Map<Hex, Lab>();

function toLab(hex: Hex): Lab {
  let lab = known.get(hex);
  if (!lab) {
    const [r, g, b] = [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as [
      number,
      number,
      number,
    ];
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    lab = [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
    known.set(hex, lab);
  }
  return lab;
}

function toHex([lightness, a, b]: Lab): Hex {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${channels.map((value) => byte(gamma(value)).toString(16).padStart(2, "0")).join("")}`;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function gamma(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

function byte(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}

/** `amount` 0 gives `from`, 1 gives `to`. */
export function mix(from: Hex, to: Hex, amount: number): Hex {
  const [a, b] = [toLab(from), toLab(to)];
  return toHex([0, 1, 2].map((at) => a[at]! + (b[at]! - a[at]!) * amount) as unknown as Lab);
}

/**
 * The colour under more or less light: 1 leaves it alone, 0 is deep shadow, 2 is a highlight.
 * Shadows turn a little cooler and highlights warmer, as they do beside a window.
 */
export function shade(hex: Hex, light: number): Hex {
  const [lightness, a, b] = toLab(hex);
  if (light >= 1) {
    const lift = Math.min(1, light - 1);
    return toHex([
      lightness + (0.99 - lightness) * lift * 0.8,
      a * (1 - lift * 0.5),
      b * (1 - lift * 0.5) + 0.006 * lift,
    ]);
  }
  const dark = 1 - Math.max(0, light);
  return toHex([lightness * (1 - dark * 0.72), a * (1 - dark * 0.25), b * (1 - dark * 0.3) - 0.016 * dark]);
}

/** 0 (black) to 1 (white). */
export function lightness(hex: Hex): number {
  return toLab(hex)[0];
}

/** How far apart two colours look; 0.02 is barely visible, black to white is 1. */
export function distance(one: Hex, other: Hex): number {
  const [a, b] = [toLab(one), toLab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
