/** Sheets of any outline: table tops, curved backs, plywood sides, cut-outs included. */
import { shade } from "../colour.ts";
import type { Drawing } from "../drawing.ts";
import { add, type Frame, onFrame, type Point, type Vector } from "../geometry.ts";
import type { Material } from "../material.ts";
import { type Outline, pair } from "../outline.ts";
import type { View } from "../view.ts";
import { paintFace } from "./face.ts";
import type { Solid } from "./solid.ts";

/** Horizontal, facing up: u is to the right, v towards the viewer. */
export function horizontal(x: number, top: number, z: number): Frame {
  return { origin: [x, top, z], u: [1, 0, 0], v: [0, 0, 1], normal: [0, 1, 0] };
}

/** @param thickness centimetres behind the frame's plane */
export function slab(
  frame: Frame,
  outline: Outline,
  thickness: number,
  material: Material,
  edge = material,
): Solid {
  return {
    hull: outline.points.flatMap(([x, y]) => [onFrame(frame, x, y), onFrame(frame, x, y, -thickness)]),
    round: 0,
    draw(drawing: Drawing, view: View) {
      const towards = view.faces(frame.normal);
      for (const wall of wallsOf(frame, outline, thickness, view)) {
        const colour = shade(edge.colour, wall.light);
        drawing.add(`<path d="${wall.d}" fill="${colour}" stroke="${colour}" stroke-width=".7"/>`);
      }
      drawing.mark(outline.points.map(([x, y]) => view.project(onFrame(frame, x, y, -thickness))));
      const face = towards ? frame : { ...frame, origin: onFrame(frame, 0, 0, -thickness) };
      const normal = towards
        ? frame.normal
        : (frame.normal.map((value) => -value) as unknown as Frame["normal"]);
      drawing.within(view.plane(face), () => {
        paintFace(drawing, outline, material, view.brightness(normal), view.pixel, 0.08);
        drawing.stroke(outline, shade(material.colour, 1.6), view.pixel * 0.9, 0.35);
      });
    },
  };
}

interface Wall {
  readonly d: string;
  readonly light: number;
  readonly depth: number;
}

/** The pieces of the edge that face the viewer, farthest first. */
function wallsOf(frame: Frame, { points, loops = [points] }: Outline, thickness: number, view: View): Wall[] {
  const walls: Wall[] = [];
  for (const [index, loop] of loops.entries()) {
    const outwards = Math.sign(signedArea(loop)) * (index === 0 ? 1 : -1);
    for (const [at, from] of loop.entries()) {
      const to = loop[(at + 1) % loop.length]!;
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const length = Math.hypot(dx, dy);
      if (length < 1e-6) continue;
      const normal = add(scaled(frame.u, (outwards * dy) / length), frame.v, (-outwards * dx) / length);
      if (!view.faces(normal)) continue;
      const corners = [
        onFrame(frame, from[0], from[1]),
        onFrame(frame, to[0], to[1]),
        onFrame(frame, to[0], to[1], -thickness),
        onFrame(frame, from[0], from[1], -thickness),
      ];
      const d = `M${corners.map((corner) => pair(view.project(corner))).join("L")}Z`;
      walls.push({
        d,
        light: view.brightness(normal),
        depth: view.depth(corners[0]!) + view.depth(corners[1]!),
      });
    }
  }
  return walls.sort((a, b) => a.depth - b.depth);
}

function scaled([x, y, z]: Vector, by: number): Vector {
  return [x * by, y * by, z * by];
}

/** Positive where the points run clockwise as seen with v pointing down. */
function signedArea(points: readonly Point[]): number {
  let area = 0;
  for (const [at, [x, y]] of points.entries()) {
    const [nx, ny] = points[(at + 1) % points.length]!;
    area += x * ny - nx * y;
  }
  return area;
}
