/**
 * Clothes, drawn on one body: x = 0 is its middle, y runs down from the base of the neck, in centimetres. A garment
 * can therefore be laid out alone or worn together with others.
 */
import { type Hex, shade } from "./colour.ts";
import type { Drawing } from "./drawing.ts";
import { extentOf, type Frame, type Point } from "./geometry.ts";
import { gloss, type Material, surfaceLayers } from "./material.ts";
import { type Node, type Outline, spline } from "./outline.ts";
import { panel } from "./solids/panel.ts";
import type { Solid } from "./solids/solid.ts";

/** Heights on the body. */
export const BODY = {
  shoulder: 5,
  armpit: 25,
  waist: 42,
  hip: 62,
  crotch: 71,
  knee: 106,
  ankle: 150,
  floor: 160,
} as const;

/** The frame whose origin is the base of the neck of a body that stands on the floor. */
export const WORN: Frame = { origin: [0, BODY.floor, 0], u: [1, 0, 0], v: [0, -1, 0], normal: [0, 0, 1] };

export interface Piece {
  readonly outline: Outline;
  readonly material: Material;
  /** 1 where the piece faces the viewer; less for insides and what lies behind. */
  readonly light?: number;
  /** Path data of folds: dark on the line, light beside it. */
  readonly folds?: readonly string[];
  /** Half the width of a fold, centimetres. */
  readonly foldWidth?: number;
  /** Path data of seams, drawn as lines. */
  readonly seams?: readonly string[];
  /** Path data of stitches, drawn dashed. */
  readonly stitches?: readonly string[];
  /** Drawn on top. */
  readonly trim?: (drawing: Drawing, pixel: number) => void;
  /** A flat piece, such as a collar, has no roundness of its own. */
  readonly flat?: boolean;
}

/** Turns pieces, the hindmost first, into one flat solid. */
export function garment(frame: Frame, pieces: readonly Piece[]): Solid {
  return panel(
    frame,
    pieces.map(({ outline }) => outline),
    (drawing, view, pixel) => {
      for (const piece of pieces) drawPiece(drawing, piece, view.light[0] < 0 ? 1 : -1, pixel);
    },
  );
}

/** @param lit 1 where light comes from the left, -1 from the right */
export function drawPiece(drawing: Drawing, piece: Piece, lit: 1 | -1, pixel: number): void {
  const { outline, material, light = 1, folds = [], foldWidth = 1.2 } = piece;
  const { x0, y0, x1, y1 } = extentOf(outline.points);
  const shine = gloss(material);
  drawing.clipped([outline], () => {
    drawing.fill(outline, shade(material.colour, light));
    for (const layer of surfaceLayers(drawing, material, pixel)) drawing.fill(outline, layer);
    if (light < 0.98) drawing.fill(outline, "#1a1626", (1 - light) * 0.5);
    for (const fold of folds) {
      drawing.soften(fold, shade(material.colour, 0.25), 0.25, foldWidth * 1.35, 6);
      drawing.add(`<g transform="translate(${-lit * foldWidth * 1.5} 0)">`);
      drawing.soften(fold, "#ffffff", 0.08 + shine * 0.2, foldWidth * 0.9, 4);
      drawing.add("</g>");
    }
    if (!piece.flat) {
      const [from, to] = lit > 0 ? [x0, x1] : [x1, x0];
      const round = drawing.linear(
        [from, y0],
        [to, y0 + (y1 - y0) * 0.12],
        [
          [0, "#1a1626", 0.16],
          [0.12, "#ffffff", 0.04],
          [0.34, "#ffffff", 0.15 + shine * 0.1],
          [0.58, "#1a1626", 0.02],
          [1, "#1a1626", 0.34],
        ],
      );
      drawing.fill(outline, round);
      drawing.fill(
        outline,
        drawing.linear(
          [0, y0],
          [0, y1],
          [
            [0.6, "#1a1626", 0],
            [1, "#1a1626", 0.14],
          ],
        ),
      );
    }
    for (const seam of piece.seams ?? []) {
      drawing.stroke({ d: seam, points: [] }, shade(material.colour, 0.36), Math.max(0.3, pixel), 0.75);
    }
    for (const stitch of piece.stitches ?? []) {
      drawing.stroke(
        { d: stitch, points: [] },
        shade(material.colour, material.kind === "denim" ? 1.6 : 0.45),
        Math.max(0.26, pixel * 0.9),
        0.8,
        `stroke-dasharray="${(pixel * 4).toFixed(2)} ${(pixel * 3).toFixed(2)}"`,
      );
    }
    piece.trim?.(drawing, pixel);
  });
  drawing.stroke(outline, shade(material.colour, 0.42 * light), Math.max(0.22, pixel * 0.9), 0.55);
}

/** A flowing line for folds and seams. */
export function flow(...nodes: readonly Node[]): string {
  return spline(nodes, false).d;
}

export function button(drawing: Drawing, [x, y]: Point, radius: number, colour: Hex): void {
  const circle = (dx: number, dy: number, r: number, fill: Hex, opacity: number) =>
    drawing.add(
      `<circle cx="${(x + dx).toFixed(2)}" cy="${(y + dy).toFixed(2)}" r="${r.toFixed(2)}" fill="${fill}" opacity="${opacity}"/>`,
    );
  circle(radius * 0.25, radius * 0.4, radius, "#15121f", 0.35);
  circle(0, 0, radius, colour, 1);
  circle(-radius * 0.25, -radius * 0.3, radius * 0.42, shade(colour, 1.5), 0.7);
}

export interface SleeveShape {
  /** 0 is the shoulder, 1 the wrist. */
  readonly length: number;
  /** Half widths at the shoulder and at the end. */
  readonly shoulder: number;
  readonly cuff: number;
  /** How full the sleeve is in between. */
  readonly puff?: number;
  /** How far the shoulder sits out. */
  readonly out?: number;
}

/** One sleeve along a hanging arm; `side` is 1 for the right of the picture. */
export function sleeve(
  side: 1 | -1,
  { length, shoulder, cuff, puff = 0, out = 0 }: SleeveShape,
): { outline: Outline; cuffLine: Node[]; fold: string[] } {
  const [sx, sy] = [17.6 + out, 12];
  const [wx, wy] = [32.5 + out, 66];
  const [ex, ey] = [sx + (wx - sx) * length, sy + (wy - sy) * length];
  const long = Math.hypot(wx - sx, wy - sy);
  const [nx, ny] = [(wy - sy) / long, -(wx - sx) / long];
  const at = (part: number, across: number): [number, number] => [
    sx + (ex - sx) * part + nx * across,
    sy + (ey - sy) * part + ny * across,
  ];
  const place = (nodes: Node[]): Node[] => nodes.map(([x, y, corner]): Node => [side * x, y, corner ?? 0]);
  const middle = (shoulder * 0.86 + cuff) / 2 + puff;
  const nodes: Node[] = [
    [12, 3.4, 1],
    [18.4 + out, 4.6],
    at(0.12, shoulder * 0.98 + puff * 0.4),
    at(0.55, middle),
    [...at(1, cuff), 1],
    [...at(1, -cuff), 1],
    at(0.6, -middle * 0.96),
    [15.5 + out, 27, 1],
  ];
  const fold = [
    flow(...place([at(0.3, middle * 0.7), at(0.55, middle * 0.2), at(0.72, middle * 0.5)])),
    flow(...place([[16 + out, 22], at(0.34, -middle * 0.2), at(0.5, -middle * 0.5)])),
  ];
  return {
    outline: spline(place(nodes)),
    cuffLine: place([at(1, cuff), at(1, -cuff)]),
    fold: length > 0.5 ? fold : [],
  };
}
