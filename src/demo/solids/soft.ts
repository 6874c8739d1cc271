/** Upholstery: boxes with round edges and full faces, whose light flows softly from side to side. */
import { shade } from "../colour.ts";
import type { Drawing } from "../drawing.ts";
import { add, convexHull, type Frame, onFrame, type Vector } from "../geometry.ts";
import { gloss, type Material, surfaceLayers } from "../material.ts";
import { pair, polygon, polyline, rectangle, rounded } from "../outline.ts";
import type { View } from "../view.ts";
import { cornersOf, type Size, sidesOf } from "./box.ts";
import type { Solid } from "./solid.ts";

export interface SoftOptions {
  /** Radius of the edges, centimetres. */
  readonly radius: number;
  /** How far the upper side bulges, centimetres. */
  readonly bulge?: number;
  /** Where seams run over the faces, as parts of the width. */
  readonly seams?: readonly number[];
  /** Buttons on the front, columns × rows. */
  readonly tufts?: readonly [columns: number, rows: number];
}

export function soft(frame: Frame, size: Size, material: Material, options: SoftOptions): Solid {
  const [width, height, depth] = size;
  const radius = Math.min(options.radius, width / 2, height / 2, depth / 2);
  const hull = cornersOf(frame, size, radius);
  const dome: Vector[] = [];
  const bulge = options.bulge ?? 0;
  if (bulge > 0) {
    for (const x of [0.15, 0.32, 0.5, 0.68, 0.85]) {
      for (const z of [0.2, 0.5, 0.8]) {
        const rise = bulge * (1 - (2 * x - 1) ** 2) * (1 - 0.7 * (2 * z - 1) ** 2);
        dome.push(onFrame(frame, width * x, radius - rise, -depth * z));
      }
    }
  }
  const all = [...hull, ...dome];
  return {
    hull: all,
    round: radius,
    draw(drawing: Drawing, view: View) {
      const silhouette = rounded(convexHull(all.map((point) => view.project(point))), radius * view.scale);
      const sides = sidesOf(frame, size).filter(({ frame: { normal } }) => view.faces(normal));
      drawing.clipped([silhouette], () => {
        const base = view.brightness(frame.normal) * 0.92;
        drawing.fill(silhouette, shade(material.colour, base));
        for (const side of sides) {
          const inset = radius * 0.85;
          const corners = [
            [inset, inset],
            [side.width - inset, inset],
            [side.width - inset, side.height - inset],
            [inset, side.height - inset],
          ].map(([x, y]) => view.project(onFrame(side.frame, x!, y!)));
          const colour = shade(
            material.colour,
            view.brightness(side.frame.normal) * (1 + gloss(material) * 0.06),
          );
          drawing.soften(polygon(corners).d, colour, 1, radius * view.scale * 0.95, 7);
        }
        for (const side of sides) {
          drawing.within(view.plane(side.frame), () => {
            for (const layer of surfaceLayers(drawing, material, view.pixel)) {
              drawing.add(
                `<path d="${rectangle(-radius, -radius, side.width + 2 * radius, side.height + 2 * radius).d}" fill="${layer}" clip-path="${clipTo(drawing, side.width, side.height)}"/>`,
              );
            }
          });
        }
        shadeEdges(drawing, view, frame, size);
        for (const seam of options.seams ?? []) drawSeam(drawing, view, seam, frame, size, material);
        if (options.tufts) drawTufts(drawing, view, options.tufts, frame, size, material);
      });
    },
  };
}

function clipTo(drawing: Drawing, width: number, height: number): string {
  return drawing.define(`<clipPath><path d="${rectangle(0, 0, width, height).d}"/></clipPath>`);
}

/** Darkens where the body rests on what is below it. */
function shadeEdges(drawing: Drawing, view: View, frame: Frame, [width, height]: Size): void {
  const bottom = [onFrame(frame, 0, height), onFrame(frame, width, height)].map((point) =>
    view.project(point),
  );
  drawing.soften(
    `M${pair(bottom[0]!)}L${pair(bottom[1]!)}`,
    "#1a1622",
    0.26,
    Math.min(height * 0.3, 6) * view.scale,
    5,
  );
}

function drawSeam(
  drawing: Drawing,
  view: View,
  at: number,
  frame: Frame,
  size: Size,
  material: Material,
): void {
  const [width, height, depth] = size;
  const points = [
    onFrame(frame, width * at, height),
    onFrame(frame, width * at, 0),
    onFrame(frame, width * at, 0, -depth),
  ];
  const line = polyline(points.map((point) => view.project(point)));
  drawing.soften(line.d, shade(material.colour, 0.3), 0.3, 5, 4);
  drawing.stroke(line, shade(material.colour, 0.38), 1.3, 0.6);
}

function drawTufts(
  drawing: Drawing,
  view: View,
  [columns, rows]: readonly [number, number],
  frame: Frame,
  [width, height]: Size,
  material: Material,
): void {
  const dark = shade(material.colour, 0.4);
  for (let row = 0; row < rows; row++) {
    const stagger = row % 2 ? 0.5 : 0;
    for (let column = 0; column < columns - (stagger ? 1 : 0); column++) {
      const x = ((column + 0.5 + stagger) / columns) * width;
      const y = ((row + 0.6) / rows) * height;
      const [cx, cy] = view.project(onFrame(frame, x, y));
      const radius = Math.max(1.6, 1.1 * view.scale);
      const dimple = drawing.radial([cx, cy], radius * 3.4, [
        [0, dark, 0.6],
        [1, dark, 0],
      ]);
      drawing.add(
        `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${(radius * 3.4).toFixed(1)}" fill="${dimple}"/>`,
      );
      drawing.add(
        `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${radius.toFixed(1)}" fill="${shade(material.colour, 0.8)}"/>`,
      );
    }
  }
}

/** A frame moved along its own axes. */
export function moved(frame: Frame, x: number, y: number, out = 0): Frame {
  return { ...frame, origin: add(add(add(frame.origin, frame.u, x), frame.v, y), frame.normal, out) };
}
