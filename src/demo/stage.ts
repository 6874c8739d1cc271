/** Puts solids in front of the viewer: sorts them by depth, throws their shadows, and says where they are. */
import type { Hex } from "./colour.ts";
import type { Drawing } from "./drawing.ts";
import { convexHull, type Extent, extentOf, type Point, type Vector } from "./geometry.ts";
import { polygon, rounded } from "./outline.ts";
import type { Solid } from "./solids/solid.ts";
import type { View } from "./view.ts";

/** Bodies may sink this far into each other and still count as apart, in centimetres. */
const OVERLAP = 1.2;

/** Draws the solids, farthest first, and returns their extent in pixels. */
export function drawSolids(drawing: Drawing, solids: readonly Solid[], view: View): Extent {
  return drawing.measure(() => {
    for (const solid of farthestFirst(solids, view)) solid.draw(drawing, view);
  });
}

/** The extent that the solids will take, in pixels. */
export function extentOfSolids(solids: readonly Solid[], view: View): Extent {
  const extents = solids.map(({ hull, round }) =>
    extentOf(
      hull.map((point) => view.project(point)),
      round * view.scale,
    ),
  );
  return extentOf(
    extents.flatMap(({ x0, y0, x1, y1 }): Point[] => [
      [x0, y0],
      [x1, y1],
    ]),
  );
}

export interface ShadowOptions {
  readonly colour: Hex;
  readonly strength: number;
}

/** Shadows on the floor: a long soft one away from the light, and a short dark one where things stand. */
export function dropShadows(
  drawing: Drawing,
  solids: readonly Solid[],
  view: View,
  { colour, strength }: ShadowOptions,
): void {
  const reach = Math.min(13, 3 + view.scale * 2.2);
  const layers = [
    { length: 1, reach, opacity: strength },
    { length: 0.16, reach: reach * 0.45, opacity: strength },
  ];
  for (const layer of layers) {
    for (const [thickness, members] of byOpacity(solids)) {
      const shapes = members.map(
        (solid) =>
          rounded(
            convexHull(solid.hull.map((point) => view.shadow(point, layer.length))),
            Math.max(0.1, solid.round * view.scale * 0.7),
          ).d,
      );
      drawing.soften(shapes.join(""), colour, layer.opacity * thickness, layer.reach, 8);
    }
  }
}

/** Solids by how much light they stop. */
function byOpacity(solids: readonly Solid[]): Map<number, Solid[]> {
  const groups = new Map<number, Solid[]>();
  for (const solid of solids) {
    const opacity = solid.opacity ?? 1;
    groups.set(opacity, [...(groups.get(opacity) ?? []), solid]);
  }
  return groups;
}

/** Shadows on the wall or the table that things hang on or lie on, `lift` centimetres before it. */
export function castShadows(
  drawing: Drawing,
  solids: readonly Solid[],
  view: View,
  { colour, strength }: ShadowOptions,
  lift: number,
): void {
  const shift: Point = [-view.light[0] * lift * view.scale, view.light[1] * lift * view.scale];
  const reach = Math.max(3, lift * view.scale * 0.9);
  for (const [part, spread, opacity] of [
    [1, reach, strength],
    [0.3, reach * 0.35, strength * 0.8],
  ] as const) {
    const by: Point = [shift[0] * part, shift[1] * part];
    for (const [thickness, members] of byOpacity(solids)) {
      const shapes = members.map((solid) => silhouetteOf(solid, view, by));
      drawing.soften(shapes.join(""), colour, opacity * thickness, spread, 8);
    }
  }
}

/** A solid's outline on the picture, moved; its loops all run clockwise, so that they add up. */
function silhouetteOf({ silhouettes, hull, round }: Solid, view: View, [dx, dy]: Point): string {
  const place = (points: readonly Vector[]): Point[] =>
    points.map((point) => {
      const [x, y] = view.project(point);
      return [x + dx, y + dy];
    });
  if (!silhouettes) return rounded(convexHull(place(hull)), Math.max(0.1, round * view.scale)).d;
  let index = 0;
  return silhouettes
    .map(({ points }) => {
      const line = place(hull.slice(index, index + points.length));
      index += points.length;
      return polygon(clockwise(line)).d;
    })
    .join("");
}

function clockwise(points: Point[]): Point[] {
  let area = 0;
  for (const [at, [x, y]] of points.entries()) {
    const [nx, ny] = points[(at + 1) % points.length]!;
    area += x * ny - nx * y;
  }
  return area < 0 ? points.reverse() : points;
}

/** Each solid after all those that it may hide. */
function farthestFirst(solids: readonly Solid[], view: View): Solid[] {
  const boxes = solids.map((solid) => boundsOf(solid));
  const depths = boxes.map(({ low, high }) =>
    view.depth([0, 1, 2].map((axis) => (low[axis]! + high[axis]!) / 2) as unknown as Corner),
  );
  const nearer: Corner = [view.depth([1, 0, 0]), view.depth([0, 1, 0]), view.depth([0, 0, 1])];
  /** Bodies that are apart along an axis hide each other one way only; where two axes disagree, not at all. */
  const hides = (front: number, back: number): boolean => {
    let verdict: number | undefined;
    for (let axis = 0; axis < 3; axis++) {
      if (Math.abs(nearer[axis]!) < 0.02) continue;
      const above = boxes[front]!.low[axis]! - boxes[back]!.high[axis]!;
      const below = boxes[back]!.low[axis]! - boxes[front]!.high[axis]!;
      if (Math.max(above, below) < -OVERLAP) continue;
      const side = Math.sign(nearer[axis]!) * (above >= below ? 1 : -1);
      if (verdict !== undefined && verdict !== side) return false;
      verdict = side;
    }
    return verdict === undefined ? depths[front]! > depths[back]! : verdict > 0;
  };
  const order: Solid[] = [];
  const state = new Uint8Array(solids.length);
  const visit = (index: number): void => {
    if (state[index]) return;
    state[index] = 1;
    for (let other = 0; other < solids.length; other++) {
      if (other !== index && !state[other] && hides(index, other)) visit(other);
    }
    order.push(solids[index]!);
  };
  const byDepth = [...solids.keys()].sort((a, b) => depths[a]! - depths[b]!);
  for (const index of byDepth) visit(index);
  return order;
}

type Corner = readonly [number, number, number];

function boundsOf({ hull, round }: Solid): { low: Corner; high: Corner } {
  const along = (axis: 0 | 1 | 2) => hull.map((point) => point[axis]);
  const low = ([0, 1, 2] as const).map((axis) => Math.min(...along(axis)) - round) as unknown as Corner;
  const high = ([0, 1, 2] as const).map((axis) => Math.max(...along(axis)) + round) as unknown as Corner;
  return { low, high };
}
