/** Prints: stripes, checks, dots, flowers and their relatives, as tiles that repeat. */
import { type Hex, mix, shade } from "./colour.ts";
import type { Drawing, Paint } from "./drawing.ts";

export const PATTERNS = [
  "striped",
  "checked",
  "dotted",
  "floral",
  "herringbone",
  "geometric",
  "leaf",
  "terrazzo",
] as const;

export type Pattern = (typeof PATTERNS)[number];

export interface Print {
  readonly pattern: Pattern;
  readonly ground: Hex;
  readonly ink: Hex;
  readonly accent: Hex;
  /** Size of one repeat, in the unit of what it is printed on. */
  readonly repeat: number;
  /** Degrees. */
  readonly angle?: number;
}

/** The paint that lays a print over its ground. */
export function motif(drawing: Drawing, print: Print): Paint {
  const { repeat, angle = 0 } = print;
  const scale = repeat / 100;
  const tall = print.pattern === "herringbone" ? 2 : 1;
  const content = `<g transform="scale(${scale.toFixed(4)})">${TILES[print.pattern](print)}</g>`;
  return drawing.tile(repeat, repeat * tall, content, angle);
}

/** Each draws a tile of 100 × 100 (herringbone: 100 × 200). */
const TILES: Readonly<Record<Pattern, (print: Print) => string>> = {
  striped: ({ ink, accent }) =>
    `<rect width="38" height="100" fill="${ink}"/><rect x="64" width="7" height="100" fill="${accent}"/>`,
  checked: ({ ink, accent }) =>
    `<g opacity=".62"><rect width="46" height="100" fill="${ink}"/><rect width="100" height="46" fill="${ink}"/></g><g opacity=".8"><rect x="70" width="5" height="100" fill="${accent}"/><rect y="70" width="100" height="5" fill="${accent}"/></g>`,
  dotted: ({ ink }) =>
    `<g fill="${ink}"><circle cx="25" cy="25" r="13"/><circle cx="75" cy="75" r="13"/></g>`,
  floral: ({ ink, accent, ground }) =>
    flower(28, 28, 17, ink, accent) +
    flower(76, 70, 21, accent, ink) +
    flower(74, 22, 10, mix(ink, ground, 0.35), accent) +
    sprig(24, 74, ink, 20) +
    sprig(50, 48, mix(ink, accent, 0.5), 140) +
    `<circle cx="46" cy="88" r="3.5" fill="${accent}"/><circle cx="50" cy="8" r="3" fill="${ink}"/><circle cx="6" cy="50" r="3" fill="${accent}"/>`,
  herringbone: ({ ink }) => {
    const bars: string[] = [];
    for (let y = -100; y < 240; y += 40) {
      bars.push(
        `M0 ${y + 50}L50 ${y}L50 ${y + 20}L0 ${y + 70}ZM50 ${y}L100 ${y + 50}L100 ${y + 70}L50 ${y + 20}Z`,
      );
    }
    return `<path d="${bars.join("")}" fill="${ink}" opacity=".6"/>`;
  },
  geometric: ({ ink, accent }) =>
    `<path d="M50 4L96 50L50 96L4 50Z" fill="none" stroke="${ink}" stroke-width="9"/><path d="M50 32L68 50L50 68L32 50Z" fill="${accent}"/><path d="M0 -14L14 0L0 14L-14 0ZM100 -14L114 0L100 14L86 0ZM0 86L14 100L0 114L-14 100ZM100 86L114 100L100 114L86 100Z" fill="${accent}"/>`,
  leaf: ({ ink, accent }) =>
    frond(26, 52, ink, -24) +
    frond(76, 2, accent, 28) +
    frond(76, 102, accent, 28) +
    `<circle cx="52" cy="24" r="3.5" fill="${accent}"/><circle cx="50" cy="80" r="3.5" fill="${ink}"/>`,
  terrazzo: ({ ink, accent, ground }) =>
    [
      ["M10 14l14-6 8 12-12 9z", ink],
      ["M58 8l18 4-3 14-16-4z", accent],
      ["M34 44l10-9 12 10-9 12z", mix(ink, accent, 0.5)],
      ["M74 44l15 3 2 15-15-2z", ink],
      ["M8 66l13-4 6 14-14 6z", accent],
      ["M46 76l9-5 10 10-10 9z", ink],
      ["M80 80l9-4 5 9-9 5z", shade(ground, 0.6)],
      ["M30 88l5-5 6 6-6 5z", accent],
      ["M52 30l4-4 5 5-5 4z", shade(ground, 0.6)],
    ]
      .map(([d, fill]) => `<path d="${d}" fill="${fill}"/>`)
      .join(""),
};

function flower(x: number, y: number, radius: number, petal: Hex, eye: Hex): string {
  const petals = [0, 72, 144, 216, 288].map(
    (angle) =>
      `<ellipse cx="0" cy="${-radius * 0.62}" rx="${radius * 0.42}" ry="${radius * 0.56}" transform="rotate(${angle})"/>`,
  );
  return `<g transform="translate(${x} ${y}) rotate(${x})"><g fill="${petal}">${petals.join("")}</g><circle r="${radius * 0.28}" fill="${eye}"/></g>`;
}

function sprig(x: number, y: number, ink: Hex, angle: number): string {
  return `<g transform="translate(${x} ${y}) rotate(${angle})" fill="${ink}"><path d="M-1 14Q1 0 -1 -14L1 -14Q3 0 1 14Z"/><ellipse cx="6" cy="-4" rx="7" ry="3.4" transform="rotate(-38 6 -4)"/><ellipse cx="-6" cy="3" rx="7" ry="3.4" transform="rotate(38 -6 3)"/></g>`;
}

function frond(x: number, y: number, ink: Hex, angle: number): string {
  const leaves: string[] = [];
  for (let step = -3; step <= 3; step++) {
    const reach = 15 - Math.abs(step) * 2.2;
    for (const side of [-1, 1]) {
      leaves.push(
        `<ellipse cx="${side * reach * 0.62}" cy="${step * 10}" rx="${reach * 0.66}" ry="3.7" transform="rotate(${side * -34} 0 ${step * 10})"/>`,
      );
    }
  }
  return `<g transform="translate(${x} ${y}) rotate(${angle})" fill="${ink}">${leaves.join("")}<path d="M-1.2 42L0 -42L1.2 42Z"/></g>`;
}
