/** Leaves, stems and flowers, for plants and for what stands in vases. */
import { type Hex, mix, shade } from "../colour.ts";
import type { Drawing } from "../drawing.ts";
import type { Point, Vector } from "../geometry.ts";
import { type Outline, polygon, short, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { panel } from "../solids/panel.ts";
import type { Solid } from "../solids/solid.ts";

export type BranchKind = "eucalyptus" | "blossom" | "pampas" | "tulips" | "branch";

/** One leaf or petal: where it starts, where it points, and its colours. */
export interface Leaf {
  readonly outline: Outline;
  readonly colour: Hex;
  /** From base to tip, for the vein and the gradient. */
  readonly base: Point;
  readonly tip: Point;
  readonly vein: boolean;
}

/** @param angle radians, 0 to the right, negative upwards; @param curl how far the tip bends sideways */
export function leaf(
  base: Point,
  angle: number,
  length: number,
  width: number,
  colour: Hex,
  curl = 0,
  vein = true,
): Leaf {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (along: number, across: number): Point => {
    const bent = across + curl * length * along * along;
    return [base[0] + cos * along * length - sin * bent, base[1] + sin * along * length + cos * bent];
  };
  const w = width / 2;
  const nodes = [
    [0, 0],
    [0.22, -w * 0.7],
    [0.5, -w],
    [0.8, -w * 0.55],
    [1, 0],
    [0.8, w * 0.55],
    [0.5, w],
    [0.22, w * 0.7],
  ] as const;
  const outline = spline(
    nodes.map(
      ([along, across], index) => [...at(along, across), index === 0 || index === 4 ? 1 : 0] as const,
    ),
  );
  return { outline, colour, base: at(0, 0), tip: at(1, 0), vein };
}

export function drawLeaf(drawing: Drawing, { outline, colour, base, tip, vein }: Leaf, pixel: number): void {
  const paint = drawing.linear(base, tip, [
    [0, shade(colour, 0.62)],
    [0.5, colour],
    [1, shade(colour, 1.22)],
  ]);
  drawing.fill(outline, paint);
  drawing.stroke(outline, shade(colour, 0.5), pixel * 0.7, 0.35);
  if (vein) {
    const middle = outline.points[Math.floor(outline.points.length / 2)]!;
    const line: Outline = {
      d: `M${short(base[0])} ${short(base[1])}L${short(middle[0])} ${short(middle[1])}`,
      points: [],
    };
    drawing.stroke(line, shade(colour, 1.5), pixel * 0.9, 0.45);
  }
}

interface Stem {
  readonly line: Outline;
  readonly silhouette: Outline;
  readonly colour: Hex;
  readonly width: number;
}

function stem(
  from: Point,
  to: Point,
  bend: number,
  width: number,
  colour: Hex,
): { stem: Stem; at: (part: number) => Point; angle: (part: number) => number } {
  const middle: Point = [(from[0] + to[0]) / 2 + bend, (from[1] + to[1]) / 2];
  const at = (part: number): Point => {
    const s = 1 - part;
    return [
      s * s * from[0] + 2 * s * part * middle[0] + part * part * to[0],
      s * s * from[1] + 2 * s * part * middle[1] + part * part * to[1],
    ];
  };
  const angle = (part: number): number => {
    const [a, b] = [at(part - 0.02), at(part + 0.02)];
    return Math.atan2(b[1] - a[1], b[0] - a[0]);
  };
  const points = Array.from({ length: 9 }, (_, index) => at(index / 8));
  const line: Outline = { d: `M${points.map(([x, y]) => `${short(x)} ${short(y)}`).join("L")}`, points };
  const wide = points.map(([x, y]): Point => [x + width, y]);
  return { stem: { line, silhouette: polygon([...points, ...wide.reverse()]), colour, width }, at, angle };
}

/** Stems that rise from a mouth, as one flat solid that faces the viewer. */
export function branch(
  random: Random,
  kind: BranchKind,
  mouth: Vector,
  height: number,
  stems: number,
  accent: Hex,
): Solid {
  const leaves: Leaf[] = [];
  const lines: Stem[] = [];
  const green = random.pick(["#6f8f6a", "#8aa392", "#55764a", "#7b8f5c"] as const);
  for (let index = 0; index < stems; index++) {
    const side = stems === 1 ? 0 : (index / (stems - 1)) * 2 - 1;
    const reach = height * random.between(0.75, 1.05) * (1 - Math.abs(side) * 0.15);
    const tip: Point = [side * height * random.between(0.3, 0.5) + random.between(-2, 2), -reach];
    const woody = kind === "branch" || kind === "blossom";
    const made = stem(
      [side * 0.8, 4],
      tip,
      side * -height * 0.04,
      woody ? 0.5 : 0.35,
      woody ? "#6b4d3a" : kind === "pampas" ? "#b79d6c" : shade(green, 0.8),
    );
    lines.push(made.stem);
    grow(random, kind, made, leaves, green, accent, height);
  }
  const silhouettes = [...lines.map(({ silhouette }) => silhouette), ...leaves.map(({ outline }) => outline)];
  return panel(upright(mouth[0], mouth[1], mouth[2]), silhouettes, (drawing, _view, pixel) => {
    for (const { line, colour, width } of lines) {
      drawing.mark(line.points);
      drawing.stroke(line, colour, Math.max(width, pixel * 1.4));
    }
    for (const each of leaves) drawLeaf(drawing, each, pixel);
  });
}

function grow(
  random: Random,
  kind: BranchKind,
  { at, angle }: ReturnType<typeof stem>,
  leaves: Leaf[],
  green: Hex,
  accent: Hex,
  height: number,
): void {
  const unit = height / 30;
  if (kind === "tulips") {
    const [tip, towards] = [at(1), angle(0.96)];
    leaves.push(
      leaf(
        at(0.25),
        angle(0.5) + random.pick([-0.5, 0.5]),
        height * 0.5,
        3 * unit,
        green,
        random.between(-0.2, 0.2),
      ),
    );
    const start: Point = [tip[0] - Math.cos(towards) * unit, tip[1] - Math.sin(towards) * unit];
    for (const turn of [-0.32, 0.32, 0])
      leaves.push(
        leaf(
          start,
          towards + turn,
          7 * unit,
          4 * unit,
          turn === 0 ? shade(accent, 1.1) : shade(accent, 0.86),
          0,
          false,
        ),
      );
    return;
  }
  if (kind === "pampas") {
    for (let index = 0; index < 16; index++) {
      const part = 0.58 + (index / 16) * 0.42;
      const side = index % 2 ? 1 : -1;
      leaves.push(
        leaf(
          at(part),
          angle(Math.min(0.97, part)) + side * 0.42,
          (1 - part * 0.55) * 11 * unit,
          2.1 * unit,
          mix("#dcc39b", "#c3a377", random.next()),
          side * 0.2,
          false,
        ),
      );
    }
    return;
  }
  const count = kind === "eucalyptus" ? 10 : 8;
  for (let index = 0; index < count; index++) {
    const part = 0.3 + (0.7 * index) / (count - 1);
    for (const side of [-1, 1]) {
      const turn = angle(Math.min(0.96, part)) + side * random.between(0.7, 1.15);
      if (kind === "blossom") {
        if (random.chance(0.35)) continue;
        const near = at(part);
        const centre: Point = [near[0] + Math.cos(turn) * 1.6 * unit, near[1] + Math.sin(turn) * 1.6 * unit];
        for (let petal = 0; petal < 5; petal++)
          leaves.push(
            leaf(
              centre,
              petal * 1.2566 + turn,
              1.9 * unit,
              1.7 * unit,
              mix(accent, "#ffffff", 0.45 + random.between(0, 0.25)),
              0,
              false,
            ),
          );
        continue;
      }
      const long = kind === "eucalyptus" ? (4.4 - part * 1.4) * unit : (6 - part * 2) * unit;
      leaves.push(
        leaf(
          at(part),
          turn,
          long,
          kind === "eucalyptus" ? long * 0.86 : long * 0.34,
          mix(green, "#d5dfcf", random.between(0, 0.28)),
          0,
          kind === "branch",
        ),
      );
    }
  }
}
