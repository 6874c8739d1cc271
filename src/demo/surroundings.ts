/** Walls, floors and the light on them. */
import { type Hex, lightness, shade } from "./colour.ts";
import type { Drawing } from "./drawing.ts";
import type { Vector } from "./geometry.ts";
import type { Material } from "./material.ts";
import { polygon, spline } from "./outline.ts";
import type { Random } from "./random.ts";
import type { Style } from "./styles.ts";

/** A wall colour of the style that the subject stands out from. */
export function wallColour(random: Random, style: Style, subject: Hex): Hex {
  for (let attempt = 0; attempt < 8; attempt++) {
    const wall = random.pick(style.walls);
    if (Math.abs(lightness(wall) - lightness(subject)) > 0.1) return wall;
  }
  return lightness(subject) > 0.6
    ? shade(random.pick(style.walls), 0.72)
    : shade(random.pick(style.walls), 1.3);
}

export function paintWall(drawing: Drawing, wall: Hex, light: Vector, height: number): void {
  const { width } = drawing;
  const side = light[0] < 0 ? 0 : width;
  const glow = drawing.radial([width / 2 + (side - width / 2) * 0.7, height * 0.18], width * 1.15, [
    [0, shade(wall, 1.24)],
    [0.5, wall],
    [1, shade(wall, 0.83)],
  ]);
  drawing.add(`<rect width="${width}" height="${height}" fill="${glow}"/>`);
}

/** Sunlight that fell through panes, or past a plant. */
export function windowLight(
  drawing: Drawing,
  random: Random,
  light: Vector,
  width: number,
  height: number,
): void {
  const towards = light[0] < 0 ? 1 : -1;
  const slant = towards * height * 0.3;
  const [paneWidth, paneHeight] = [width * random.between(0.13, 0.18), height * random.between(0.24, 0.34)];
  const x0 = towards > 0 ? width * random.between(0.16, 0.4) : width * random.between(0.24, 0.48);
  const y0 = height * random.between(0.06, 0.16);
  const panes: string[] = [];
  if (random.chance(0.6)) {
    for (let row = 0; row < 2; row++) {
      for (let column = 0; column < 2; column++) {
        const [x, y] = [x0 + column * (paneWidth + 9) + row * slant * 0.4, y0 + row * (paneHeight + 9)];
        panes.push(
          polygon([
            [x, y],
            [x + paneWidth, y + 6 * towards],
            [x + paneWidth + slant * 0.36, y + paneHeight + 6 * towards],
            [x + slant * 0.36, y + paneHeight],
          ]).d,
        );
      }
    }
    drawing.soften(panes.join(""), "#fff6df", 0.34, 11, 7);
    return;
  }
  const from = towards > 0 ? width * 0.1 : width * 0.9;
  for (let index = 0; index < 9; index++) {
    const angle = 0.2 + index * 0.17;
    const [x, y] = [from + towards * Math.cos(angle) * width * 0.1, Math.sin(angle) * height * 0.05];
    const [tx, ty] = [from + towards * Math.cos(angle) * width * 0.62, y + Math.sin(angle) * height * 0.66];
    const [nx, ny] = [-(ty - y) * 0.055, (tx - x) * 0.055];
    panes.push(
      spline([
        [x, y, 1],
        [(x + tx) / 2 + nx, (y + ty) / 2 + ny],
        [tx, ty, 1],
        [(x + tx) / 2 - nx, (y + ty) / 2 - ny],
      ]).d,
    );
  }
  drawing.soften(panes.join(""), "#241d30", 0.12, 13, 7);
}

export function groundPlane(drawing: Drawing, horizon: number, paint: string): void {
  const { width, height } = drawing;
  drawing.add(`<rect y="${horizon}" width="${width}" height="${height - horizon}" fill="${paint}"/>`);
  drawing.add(
    `<rect y="${horizon - 1}" width="${width}" height="10" fill="${drawing.linear(
      [0, horizon - 1],
      [0, horizon + 9],
      [
        [0, "#1a1626", 0.26],
        [1, "#1a1626", 0],
      ],
    )}"/>`,
  );
}

/** Floor boards that run towards a vanishing point. */
export function planks(
  drawing: Drawing,
  material: Material,
  horizon: number,
  vanishing: number,
  boards: number,
): void {
  const { width, height } = drawing;
  const { colour } = material;
  groundPlane(
    drawing,
    horizon,
    drawing.linear(
      [0, horizon],
      [0, height],
      [
        [0, shade(colour, 0.86)],
        [1, shade(colour, 1.12)],
      ],
    ),
  );
  const apex = horizon - (height - horizon) * 1.25;
  const spread = width * 2.4;
  const at = (x: number, y: number) => vanishing + (x - vanishing) * ((y - apex) / (height - apex));
  for (let board = 0; board < boards; board++) {
    const [left, right] = [board, board + 1].map(
      (index) => vanishing - spread / 2 + (index / boards) * spread,
    ) as [number, number];
    const tone = (Math.sin(board * 12.9898) * 43758.5453) % 1;
    const quad = polygon([
      [at(left, horizon), horizon],
      [at(right, horizon), horizon],
      [right, height],
      [left, height],
    ]);
    drawing.add(
      `<path d="${quad.d}" fill="${tone > 0 ? "#fff" : "#2a1c14"}" opacity="${(Math.abs(tone) * 0.13).toFixed(2)}"/>`,
    );
    drawing.add(
      `<path d="M${at(left, horizon).toFixed(1)} ${horizon}L${left.toFixed(1)} ${height}" stroke="${shade(colour, 0.45)}" stroke-width="1.4" opacity=".5"/>`,
    );
    for (let joint = 0; joint < 2; joint++) {
      const y = horizon + (height - horizon) * ((((board * 7 + joint * 5) % 11) + 1) / 12);
      drawing.add(
        `<path d="M${at(left, y).toFixed(1)} ${y.toFixed(1)}H${at(right, y).toFixed(1)}" stroke="${shade(colour, 0.45)}" stroke-width="1.2" opacity=".4"/>`,
      );
    }
  }
}
