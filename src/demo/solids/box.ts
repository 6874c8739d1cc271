/** Boards and blocks: boxes with crisp edges, in any position. */
import { shade } from "../colour.ts";
import type { Drawing } from "../drawing.ts";
import { convexHull, type Frame, onFrame, type Vector } from "../geometry.ts";
import type { Material } from "../material.ts";
import { polyline, rectangle, rounded } from "../outline.ts";
import type { View } from "../view.ts";
import { paintFace } from "./face.ts";
import type { Solid } from "./solid.ts";

export type Size = readonly [width: number, height: number, depth: number];

/** Upright, turned towards the viewer: u is to the right, v is down, the origin is the front's upper left corner. */
export function upright(x: number, top: number, front: number): Frame {
  return { origin: [x, top, front], u: [1, 0, 0], v: [0, -1, 0], normal: [0, 0, 1] };
}

/** Leaning: as {@link upright}, with the upper edge tilted back by `angle` radians around the lower edge. */
export function leaning(x: number, bottom: number, front: number, height: number, angle: number): Frame {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return {
    origin: [x, bottom + height * cos, front - height * sin],
    u: [1, 0, 0],
    v: [0, -cos, sin],
    normal: [0, sin, cos],
  };
}

/** The six sides of a box on a frame, each with its own frame, size and whether its grain runs upright. */
export function sidesOf(
  frame: Frame,
  [width, height, depth]: Size,
): { frame: Frame; width: number; height: number }[] {
  const { u, v, normal } = frame;
  const back = negative(normal);
  return [
    { frame, width, height },
    { frame: { origin: onFrame(frame, width, 0), u: back, v, normal: u }, width: depth, height },
    {
      frame: { origin: onFrame(frame, 0, 0, -depth), u: normal, v, normal: negative(u) },
      width: depth,
      height,
    },
    {
      frame: { origin: onFrame(frame, 0, 0, -depth), u, v: normal, normal: negative(v) },
      width,
      height: depth,
    },
    { frame: { origin: onFrame(frame, 0, height), u, v: back, normal: v }, width, height: depth },
    { frame: { origin: onFrame(frame, width, 0, -depth), u: negative(u), v, normal: back }, width, height },
  ];
}

function negative([x, y, z]: Vector): Vector {
  return [-x, -y, -z];
}

export function cornersOf(frame: Frame, [width, height, depth]: Size, inset = 0): Vector[] {
  const corners: Vector[] = [];
  for (const x of [inset, width - inset]) {
    for (const y of [inset, height - inset]) {
      for (const z of [-inset, -depth + inset]) corners.push(onFrame(frame, x, y, z));
    }
  }
  return corners;
}

/** @param radius of the faces' corners, centimetres */
export function box(frame: Frame, size: Size, material: Material, radius = 0): Solid {
  const hull = cornersOf(frame, size);
  return {
    hull,
    round: 0,
    draw(drawing: Drawing, view: View) {
      const silhouette = rounded(convexHull(hull.map((corner) => view.project(corner))), 0.35);
      drawing.path(silhouette, `fill="${shade(material.colour, 0.8)}"`);
      for (const side of sidesOf(frame, size)) {
        if (!view.faces(side.frame.normal)) continue;
        const light = view.brightness(side.frame.normal);
        const upwards = side.frame.normal[1] > 0.7;
        drawing.within(view.plane(side.frame), () => {
          paintFace(
            drawing,
            rectangle(0, 0, side.width, side.height, radius),
            material,
            light,
            view.pixel,
            upwards ? 0.05 : 0.14,
          );
          const edge = polyline([
            [radius, view.pixel / 2],
            [side.width - radius, view.pixel / 2],
          ]);
          if (!upwards) drawing.stroke(edge, shade(material.colour, 1.5), view.pixel, 0.4);
        });
      }
    },
  };
}
