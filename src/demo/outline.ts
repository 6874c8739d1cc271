/** Shapes in the plane: SVG path data together with points on the line, from which extents are known. */
import { type Extent, extentOf, type Point } from "./geometry.ts";

export interface Outline {
  /** SVG path data. */
  readonly d: string;
  /** Points on the line, dense enough to measure it by. */
  readonly points: readonly Point[];
  /** The closed lines one by one, where there are several; all but the first are holes. */
  readonly loops?: readonly (readonly Point[])[];
}

/** A point that a line passes: smoothly, or with a corner where the third number is 1. */
export type Node = readonly [x: number, y: number, corner?: 0 | 1];

/** Two decimals are a fiftieth of a pixel in the largest picture. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function pair([x, y]: Point): string {
  return `${short(x)} ${short(y)}`;
}

/** Straight lines between the points. */
export function polygon(points: readonly Point[]): Outline {
  return { d: `M${points.map(pair).join("L")}Z`, points };
}

export function polyline(points: readonly Point[]): Outline {
  return { d: `M${points.map(pair).join("L")}`, points };
}

/** A smooth line through the nodes (Catmull–Rom), broken at corners. */
export function spline(nodes: readonly Node[], closed = true): Outline {
  const count = nodes.length;
  const at = (index: number): Node =>
    closed ? nodes[(index + count) % count]! : nodes[Math.min(count - 1, Math.max(0, index))]!;
  const points: Point[] = [];
  let d = `M${pair(at(0) as unknown as Point)}`;
  for (let index = 0; index < (closed ? count : count - 1); index++) {
    const [from, to] = [at(index), at(index + 1)];
    const before = from[2] ? from : at(index - 1);
    const after = to[2] ? to : at(index + 2);
    const c1: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const c2: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    d +=
      from[2] && to[2]
        ? `L${short(to[0])} ${short(to[1])}`
        : `C${pair(c1)} ${pair(c2)} ${short(to[0])} ${short(to[1])}`;
    for (let step = 0; step < 6; step++) points.push(cubic(from, c1, c2, to, step / 6));
  }
  const last = at(closed ? 0 : count - 1);
  points.push([last[0], last[1]]);
  return { d: closed ? `${d}Z` : d, points };
}

function cubic(a: Node, b: Point, c: Point, e: Node, t: number): Point {
  const s = 1 - t;
  const along = (axis: 0 | 1) =>
    a[axis] * s ** 3 + 3 * b[axis] * s * s * t + 3 * c[axis] * s * t * t + e[axis] * t ** 3;
  return [along(0), along(1)];
}

/** Nodes of the right half, from top to bottom, and their mirror image in x = 0. */
export function symmetric(right: readonly Node[]): Node[] {
  const left = right
    .filter(([x]) => x !== 0)
    .reverse()
    .map(([x, y, corner]): Node => [-x, y, corner ?? 0]);
  return [...right, ...left];
}

/** The mirror image in x = 0. */
export function mirrored(nodes: readonly Node[]): Node[] {
  return nodes.map(([x, y, corner]): Node => [-x, y, corner ?? 0]);
}

export function rectangle(x: number, y: number, width: number, height: number, radius = 0): Outline {
  const r = Math.min(radius, width / 2, height / 2);
  const corners: Point[] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  if (r <= 0) return polygon(corners);
  const arc = `A${short(r)} ${short(r)} 0 0 1 `;
  const d =
    `M${pair([x + r, y])}L${pair([x + width - r, y])}${arc}${pair([x + width, y + r])}` +
    `L${pair([x + width, y + height - r])}${arc}${pair([x + width - r, y + height])}` +
    `L${pair([x + r, y + height])}${arc}${pair([x, y + height - r])}L${pair([x, y + r])}${arc}${pair([x + r, y])}Z`;
  const centres: Point[] = [
    [x + width - r, y + r],
    [x + width - r, y + height - r],
    [x + r, y + height - r],
    [x + r, y + r],
  ];
  const points = centres.flatMap(([cx, cy], corner) =>
    Array.from({ length: 7 }, (_, step): Point => {
      const angle = ((corner - 1 + step / 6) * Math.PI) / 2;
      return [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
    }),
  );
  return { d, points };
}

export function ellipse(cx: number, cy: number, rx: number, ry = rx): Outline {
  const radii = `A${short(rx)} ${short(ry)} 0 1 1 `;
  const points = Array.from({ length: 40 }, (_, step): Point => {
    const angle = (step / 20) * Math.PI;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });
  return {
    d: `M${pair([cx - rx, cy])}${radii}${pair([cx + rx, cy])}${radii}${pair([cx - rx, cy])}Z`,
    points,
  };
}

/** Several outlines as one shape; where an odd number overlaps it is filled (`fill-rule="evenodd"` makes holes). */
export function joined(...outlines: readonly Outline[]): Outline {
  return {
    d: outlines.map(({ d }) => d).join(""),
    points: outlines.flatMap(({ points }) => points),
    loops: outlines.map(({ points }) => points),
  };
}

/** A convex polygon (clockwise on the screen) grown by `radius`, with round corners. */
export function rounded(hull: readonly Point[], radius: number): Outline {
  if (radius < 0.05 || hull.length < 3) return polygon(hull);
  const parts: string[] = [];
  const points: Point[] = [];
  for (const [index, from] of hull.entries()) {
    const to = hull[(index + 1) % hull.length]!;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    const shift: Point = [((to[1] - from[1]) / length) * radius, (-(to[0] - from[0]) / length) * radius];
    const a: Point = [from[0] + shift[0], from[1] + shift[1]];
    const b: Point = [to[0] + shift[0], to[1] + shift[1]];
    parts.push(`${index ? `A${short(radius)} ${short(radius)} 0 0 1 ` : "M"}${pair(a)}L${pair(b)}`);
    points.push(a, b);
  }
  const { x0, y0, x1, y1 } = extentOf(hull, radius);
  for (const [x, y] of hull) {
    if (x - radius <= x0 + 0.01) points.push([x0, y]);
    if (x + radius >= x1 - 0.01) points.push([x1, y]);
    if (y - radius <= y0 + 0.01) points.push([x, y0]);
    if (y + radius >= y1 - 0.01) points.push([x, y1]);
  }
  const start = parts[0]!.slice(1).split("L")[0]!;
  return { d: `${parts.join("")}A${short(radius)} ${short(radius)} 0 0 1 ${start}Z`, points };
}

export function extentOfOutlines(outlines: readonly Outline[]): Extent {
  return extentOf(outlines.flatMap(({ points }) => points));
}
