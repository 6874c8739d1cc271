/**
 * A person to dress: skin, hair and a plain face, in the coordinates of clothes (x = 0 is the middle, y runs down
 * from the base of the neck, centimetres).
 */
import { type Hex, mix, shade } from "./colour.ts";
import type { Drawing } from "./drawing.ts";
import { BODY, drawPiece, flow, type Piece } from "./garment.ts";
import type { Material } from "./material.ts";
import { ellipse, mirrored, type Node, type Outline, spline, symmetric } from "./outline.ts";
import type { Random } from "./random.ts";

/** Top of the head. */
export const CROWN = -29;

/** Where the eyes are. */
export const EYES = -16.6;

/** Where a hand closes, to either side. */
export const HAND = { x: 34.4, y: 72 } as const;

/** Half the width between the ankles' middles. */
export const STANCE = 10.2;

const SKINS: readonly Hex[] = ["#f2cfb6", "#e8bb98", "#d39f78", "#b07a53", "#8a5a3c", "#5f3d2a"];
const HAIRS: readonly Hex[] = ["#211a18", "#3b2a22", "#5f4130", "#8a5f3a", "#c39a5f", "#a4482a", "#b9b4ac"];
const LENGTHS = ["short", "cropped", "bob", "long", "bun", "curls"] as const;

export interface Person {
  readonly skin: Hex;
  readonly hair: Hex;
  readonly cut: (typeof LENGTHS)[number];
}

export function somebody(random: Random): Person {
  return { skin: random.pick(SKINS), hair: random.pick(HAIRS), cut: random.pick(LENGTHS) };
}

type Lit = 1 | -1;

/** What lies behind the clothes: hair at the back, arms, legs, trunk, neck. */
export function drawBody(drawing: Drawing, { skin, hair, cut }: Person, lit: Lit, pixel: number): void {
  const strands: Material = { kind: "silk", colour: shade(hair, 0.82) };
  if (cut === "long" || cut === "bob") {
    const length = cut === "long" ? 22 : -2;
    piece(drawing, curtainOfHair(length), strands, lit, pixel);
  }
  if (cut === "bun") piece(drawing, ellipse(0, CROWN - 1.5, 5.4, 5), strands, lit, pixel);
  if (cut === "curls") {
    for (const [x, y, r] of CURLS) piece(drawing, ellipse(x, y, r), strands, lit, pixel);
  }
  const flesh: Material = { kind: "paper", colour: skin };
  for (const side of [-1, 1] as const) {
    for (const nodes of [LEG, FOOT, ARM, THUMB, PALM]) {
      piece(drawing, spline(side > 0 ? nodes : mirrored(nodes)), flesh, lit, pixel);
    }
  }
  piece(drawing, spline(symmetric(TRUNK)), flesh, lit, pixel);
  piece(drawing, spline(symmetric(NECK)), { ...flesh, colour: shade(skin, 0.9) }, lit, pixel);
}

/** Face and the hair around it; drawn over collars, under hats. */
export function drawHead(drawing: Drawing, { skin, hair, cut }: Person, lit: Lit, pixel: number): void {
  const flesh: Material = { kind: "paper", colour: skin };
  for (const side of [-1, 1]) piece(drawing, ellipse(side * 7.7, -15, 1.4, 2.6), flesh, lit, pixel);
  piece(drawing, spline(symmetric(FACE)), flesh, lit, pixel);
  const dark = mix(shade(skin, 0.45), "#3a1f1a", 0.4);
  const white = mix(skin, "#ffffff", 0.75);
  for (const side of [-1, 1]) {
    drawing.fill(ellipse(side * 3.3, EYES, 1.35, 0.72), white);
    drawing.fill(ellipse(side * 3.3, EYES, 0.72), "#2c211c");
    drawing.stroke(line([side * 1.7, EYES - 0.3], [side * 3.3, EYES - 1], [side * 5, EYES - 0.2]), dark, 0.4);
    drawing.stroke(
      line([side * 1.7, EYES - 2.3], [side * 3.6, EYES - 3], [side * 5.3, EYES - 2.2]),
      shade(hair, 0.8),
      0.75,
    );
  }
  drawing.stroke(
    line([-lit * 0.5, EYES + 0.6], [-lit * 1.3, EYES + 4.4], [0.4 * lit, EYES + 4.9]),
    dark,
    0.35,
    0.55,
  );
  const lips = mix(shade(skin, 0.72), "#a8383a", 0.45);
  drawing.fill(
    spline([
      [-2.5, -8.7, 1],
      [0, -9.3],
      [2.5, -8.7, 1],
      [0, -7.2],
    ]),
    lips,
  );
  drawing.stroke(line([-2.4, -8.6], [0, -8.3], [2.4, -8.6]), shade(lips, 0.6), 0.3, 0.8);
  const fringe = cut === "cropped" ? CROPPED : cut === "short" ? SHORT : PARTED;
  piece(drawing, spline(fringe), { kind: "silk", colour: hair }, lit, pixel);
}

function piece(drawing: Drawing, outline: Outline, material: Material, lit: Lit, pixel: number): void {
  const shaded: Piece = { outline, material };
  drawPiece(drawing, shaded, lit, pixel);
}

const line = (...nodes: readonly Node[]) => ({ d: flow(...nodes), points: [] });

const FACE: readonly Node[] = [
  [0, -27.5],
  [5.6, -25.6],
  [7.7, -19],
  [7.1, -11.6],
  [4.2, -6.2],
  [0, -4.4],
];

const NECK: readonly Node[] = [
  [0, -12],
  [4.6, -10, 1],
  [4.7, -2],
  [8.6, 2.6],
  [12, 4.6, 1],
  [0, 12],
];

const TRUNK: readonly Node[] = [
  [0, 1],
  [12, 4.2],
  [17.4, 7.6],
  [15.4, 22],
  [13.4, 38],
  [14.8, 52],
  [15.6, 66],
  [9, 74],
  [0, 72],
];

const ARM: readonly Node[] = [
  [12, 6],
  [18.6, 7.4],
  [22.6, 15],
  [26.2, 34],
  [31.6, 52],
  [34.6, 66, 1],
  [30.6, 67.4, 1],
  [25.4, 52],
  [20, 37],
  [15, 24],
];

const PALM: readonly Node[] = [
  [30.6, 66],
  [34.6, 65.4],
  [37, 71],
  [36.6, 79],
  [34.2, 83],
  [32.2, 78],
  [31, 71],
];

const THUMB: readonly Node[] = [
  [31.4, 67],
  [30, 71],
  [30.2, 76],
  [31.6, 77],
  [32.4, 71],
];

const LEG: readonly Node[] = [
  [0.6, 66],
  [15.6, 62],
  [16.4, 78],
  [15, 100],
  [14.8, 108],
  [15.6, 122],
  [13, BODY.ankle, 1],
  [7.4, BODY.ankle, 1],
  [6, 122],
  [6.4, 108],
  [4, 90],
];

const FOOT: readonly Node[] = [
  [7.4, BODY.ankle - 3, 1],
  [13, BODY.ankle - 3, 1],
  [17.6, BODY.ankle + 6],
  [17, BODY.floor - 0.6],
  [11, BODY.floor],
  [7.4, BODY.floor - 2],
];

const curtainOfHair = (length: number): Outline =>
  spline(
    symmetric([
      [0, CROWN],
      [8, CROWN + 3],
      [10.4, -16],
      [11.4, -4],
      [10.6, length, 1],
      [0, length - 3],
    ]),
  );

const CURLS: readonly (readonly [number, number, number])[] = [
  [-8, -12, 4.4],
  [8, -12, 4.4],
  [-9, -18, 5],
  [9, -18, 5],
  [-7.6, -24.4, 5.2],
  [7.6, -24.4, 5.2],
  [0, -27.4, 6.4],
];

const PARTED: readonly Node[] = [
  [-8.6, -14.4, 1],
  [-9, -22],
  [-4.4, -28.6],
  [1.6, -29.4],
  [7.4, -26.4],
  [9, -19.6],
  [8.5, -14, 1],
  [7.2, -20.4],
  [2.2, -25],
  [-4.6, -22.6],
];

const SHORT: readonly Node[] = [
  [-8.2, -15.4, 1],
  [-8.9, -23],
  [-4, -30],
  [3, -30.6],
  [8.4, -26],
  [8.4, -15.2, 1],
  [7.2, -20.6],
  [3.6, -23.4],
  [-2.6, -24.6],
  [-6.8, -21],
];

const CROPPED: readonly Node[] = [
  [-7.9, -17, 1],
  [-8.1, -23.4],
  [-4, -28.2],
  [4, -28.2],
  [8.1, -23.4],
  [7.9, -17, 1],
  [6.8, -22.4],
  [0, -24.4],
  [-6.8, -22.4],
];
