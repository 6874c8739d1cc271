/** Round things: vases, pots, shades, mugs, tops, turned from a profile. */
import { type Hex, shade } from "../colour.ts";
import type { Drawing } from "../drawing.ts";
import type { Point, Vector } from "../geometry.ts";
import { gloss, type Material, surfaceLayers } from "../material.ts";
import { ellipse, type Node, type Outline, pair, short, spline } from "../outline.ts";
import type { View } from "../view.ts";
import type { Solid } from "./solid.ts";

export interface Band {
  /** Heights between which the band lies, centimetres. */
  readonly from: number;
  readonly to: number;
  readonly colour: Hex;
  readonly opacity?: number;
}

export interface LatheOptions {
  /** Open at the top: the inside shows. */
  readonly hollow?: boolean;
  readonly inside?: Hex;
  readonly bands?: readonly Band[];
  /** Upright grooves or pleats: how many around. */
  readonly flutes?: number;
  /** Light comes from within: a lamp shade. */
  readonly glowing?: boolean;
  readonly opacity?: number;
}

/** @param profile [radius, height] from the foot to the rim; a third number 1 is a corner */
export function lathe(
  base: Vector,
  profile: readonly Node[],
  material: Material,
  options: LatheOptions = {},
): Solid {
  const line = spline(profile, false);
  const rim = profile.at(-1)!;
  const foot = profile[0]!;
  const around = (r: number, y: number): Vector[] =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((step) => {
      const angle = (step / 4) * Math.PI;
      return [base[0] + r * Math.cos(angle), base[1] + y, base[2] + r * Math.sin(angle)];
    });
  return {
    hull: profile.flatMap(([r, y]) => around(r, y)),
    round: 0,
    ...(options.opacity === undefined ? {} : { opacity: options.opacity }),
    draw(drawing: Drawing, view: View) {
      const squash = Math.sin(view.pitch);
      const at = (r: number, y: number): Point => {
        const [x, sy] = view.project([base[0], base[1] + y, base[2]]);
        return [x + r * view.scale, sy];
      };
      const ring = (r: number, y: number): Outline => {
        const [x, sy] = at(0, y);
        return ellipse(x, sy, Math.max(0.1, r * view.scale), Math.max(0.1, r * view.scale * squash));
      };
      const side = (sign: 1 | -1) => line.points.map(([r, y]) => at(sign * r, y));
      const arc = (r: number, towards: Point, sweep: 0 | 1) =>
        `A${short(r * view.scale)} ${short(r * view.scale * squash)} 0 0 ${sweep} ${pair(towards)}`;
      const body: Outline = {
        d: `M${side(-1).map(pair).join("L")}${arc(rim[0], at(rim[0], rim[1]), 1)}L${side(1).reverse().map(pair).join("L")}${arc(foot[0], at(-foot[0], foot[1]), 1)}Z`,
        points: [...side(1), ...side(-1), ...ring(rim[0], rim[1]).points, ...ring(foot[0], foot[1]).points],
      };
      const widest = Math.max(...profile.map(([r]) => r));
      drawing.clipped([body], () => {
        drawing.fill(body, material.colour);
        for (const layer of surfaceLayers(drawing, material, 1, true)) drawing.fill(body, layer);
        for (const band of options.bands ?? []) {
          const [lower, upper] = [radiusAt(line.points, band.from), radiusAt(line.points, band.to)];
          const d = `M${pair(at(-lower, band.from))}${arc(lower, at(lower, band.from), 0)}L${pair(at(upper, band.to))}${arc(upper, at(-upper, band.to), 1)}Z`;
          drawing.add(`<path d="${d}" fill="${band.colour}" opacity="${band.opacity ?? 1}"/>`);
        }
        if (options.flutes) drawFlutes(drawing, line.points, options.flutes, at, material.colour);
        const [left] = at(-widest, 0);
        const [right] = at(widest, 0);
        if (options.glowing && !options.hollow) {
          const [x, middle] = at(0, (foot[1] + rim[1]) / 2);
          const glow = drawing.radial([x, middle], (right - left) * 0.62, [
            [0, "#fffaf0", 0.9],
            [0.6, "#fff0cc", 0.5],
            [1, "#c08a4a", 0.4],
          ]);
          drawing.fill(body, glow);
        } else
          drawing.fill(
            body,
            turning(drawing, left, right, view.light[0], material, options.glowing ?? false),
          );
        const [, bottom] = at(0, foot[1]);
        const [, top] = at(0, rim[1]);
        if (!options.glowing) {
          drawing.fill(
            body,
            drawing.linear(
              [0, top],
              [0, bottom + 1],
              [
                [0.55, "#1a1626", 0],
                [1, "#1a1626", 0.22],
              ],
            ),
          );
        }
        if (gloss(material) > 0.4 && !options.glowing) drawShine(drawing, line.points, at, view, widest);
      });
      if (!options.hollow) {
        if (rim[0] > 0.3)
          drawing.fill(ring(rim[0], rim[1]), shade(material.colour, view.brightness([0, 1, 0]) * 1.02));
        return;
      }
      const [x, y] = at(0, rim[1]);
      const inside = options.inside ?? material.colour;
      const depth = drawing.linear(
        [x, y - rim[0] * view.scale * squash],
        [x, y + rim[0] * view.scale * squash],
        [
          [0, shade(inside, options.glowing ? 1.5 : 0.42)],
          [1, shade(inside, options.glowing ? 1.8 : 0.82)],
        ],
      );
      drawing.fill(ring(rim[0], rim[1]), shade(material.colour, 1.25));
      drawing.fill(ring(rim[0] * 0.93, rim[1]), depth);
    },
  };
}

/** The profile of a ball that stands on its lowest point, cut flat where its radius is less than `least`. */
export function ball(radius: number, least = 0.2): Node[] {
  return Array.from({ length: 15 }, (_, step): Node => {
    const angle = (step / 14) * Math.PI;
    return [Math.max(least, radius * Math.sin(angle)), radius - radius * Math.cos(angle)];
  });
}

/** The radius of a profile at a height, by linear interpolation. */
export function radiusAt(points: readonly Point[], height: number): number {
  for (let index = 1; index < points.length; index++) {
    const [[r0, y0], [r1, y1]] = [points[index - 1]!, points[index]!];
    if ((height >= y0 && height <= y1) || (height <= y0 && height >= y1)) {
      return y1 === y0 ? r1 : r0 + ((r1 - r0) * (height - y0)) / (y1 - y0);
    }
  }
  return points.at(-1)![0];
}

function turning(
  drawing: Drawing,
  left: number,
  right: number,
  lightX: number,
  material: Material,
  glowing: boolean,
) {
  if (glowing) {
    return drawing.linear(
      [left, 0],
      [right, 0],
      [
        [0, "#5a3a1c", 0.3],
        [0.5, "#fff3d0", 0.62],
        [1, "#5a3a1c", 0.3],
      ],
    );
  }
  const [from, to] = lightX < 0 ? [left, right] : [right, left];
  const shine = gloss(material);
  return drawing.linear(
    [from, 0],
    [to, 0],
    [
      [0, "#15121f", 0.26],
      [0.16, "#15121f", 0.04],
      [0.3, "#ffffff", 0.2 + shine * 0.3],
      [0.46, "#ffffff", 0],
      [0.6, "#15121f", 0.12],
      [0.88, "#15121f", 0.44 + shine * 0.1],
      [1, "#15121f", 0.32],
    ],
  );
}

function drawFlutes(
  drawing: Drawing,
  profile: readonly Point[],
  count: number,
  at: (r: number, y: number) => Point,
  colour: Hex,
): void {
  for (let index = 1; index < count; index++) {
    const part = -Math.cos((index / count) * Math.PI);
    const line = profile.map(([r, y]) => at(r * part, y));
    const d = `M${line.map(pair).join("L")}`;
    drawing.add(
      `<path d="${d}" fill="none" stroke="${shade(colour, 0.5)}" stroke-width="1.4" opacity=".32"/>`,
    );
    drawing.add(
      `<path d="${d}" fill="none" stroke="#fff" stroke-width="1" opacity=".2" transform="translate(1.5 0)"/>`,
    );
  }
}

function drawShine(
  drawing: Drawing,
  profile: readonly Point[],
  at: (r: number, y: number) => Point,
  view: View,
  widest: number,
): void {
  const sign = view.light[0] < 0 ? -1 : 1;
  const top = profile.at(-1)![1];
  const line = profile
    .filter(([, y]) => y > top * 0.2 && y < top * 0.88)
    .map(([r, y]) => at(sign * r * 0.56, y));
  if (line.length < 2) return;
  const width = Math.max(1.5, widest * view.scale * 0.12);
  drawing.soften(`M${line.map(pair).join("L")}`, "#ffffff", 0.5, width * 0.8, 5);
}
