/** Legs, poles and rails: straight round bars that may taper. */
import { shade } from "../colour.ts";
import type { Drawing } from "../drawing.ts";
import { convexHull, type Point, type Vector } from "../geometry.ts";
import { gloss, type Material } from "../material.ts";
import { ellipse, polygon, rounded } from "../outline.ts";
import type { View } from "../view.ts";
import type { Solid } from "./solid.ts";

/** @param startRadius, endRadius centimetres */
export function rod(
  start: Vector,
  end: Vector,
  startRadius: number,
  endRadius: number,
  material: Material,
): Solid {
  const wide = Math.max(startRadius, endRadius);
  return {
    hull: [start, end],
    round: wide,
    draw(drawing: Drawing, view: View) {
      const [a, b] = [view.project(start), view.project(end)];
      const [ra, rb] = [startRadius * view.scale, endRadius * view.scale];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      if (length < 0.5) {
        drawing.fill(ellipse(a[0], a[1], ra), shade(material.colour, 0.85));
        return;
      }
      const across: Point = [(b[1] - a[1]) / length, -(b[0] - a[0]) / length];
      const body = polygon(
        convexHull([
          [a[0] + across[0] * ra, a[1] + across[1] * ra],
          [a[0] - across[0] * ra, a[1] - across[1] * ra],
          [b[0] + across[0] * rb, b[1] + across[1] * rb],
          [b[0] - across[0] * rb, b[1] - across[1] * rb],
        ]),
      );
      const reach = Math.max(ra, rb);
      const lit = across[0] * view.light[0] - across[1] * view.light[1] > 0 ? 1 : -1;
      const shine = gloss(material);
      const paint = drawing.linear(
        [a[0] + across[0] * reach * lit, a[1] + across[1] * reach * lit],
        [a[0] - across[0] * reach * lit, a[1] - across[1] * reach * lit],
        [
          [0, shade(material.colour, 0.86)],
          [0.28, shade(material.colour, 1.04 + shine * 0.5)],
          [0.55, shade(material.colour, 0.82)],
          [0.88, shade(material.colour, 0.5)],
          [1, shade(material.colour, 0.62)],
        ],
      );
      drawing.fill(rounded(convexHull(body.points), 0.3), paint);
      for (const [at, radius] of [
        [a, ra],
        [b, rb],
      ] as const) {
        if (radius > 1) drawing.fill(ellipse(at[0], at[1], radius * 0.98, radius * 0.7), paint);
      }
    },
  };
}
