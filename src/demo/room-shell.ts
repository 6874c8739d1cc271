/** The walls, the floor and the window of a room. */

import { mix, shade } from "./colour.ts";
import type { Design } from "./design.ts";
import type { Drawing } from "./drawing.ts";
import type { Vector } from "./geometry.ts";
import { ellipse, rectangle } from "./outline.ts";
import type { Random } from "./random.ts";
import { HEIGHT, HORIZON, WIDTH } from "./room.ts";
import { hue, type Style, WOODS } from "./styles.ts";
import { paintWall, planks } from "./surroundings.ts";
import type { View } from "./view.ts";

export function paintRoom(drawing: Drawing, random: Random, style: Style, light: Vector): void {
  const wall = random.pick(style.walls);
  paintWall(drawing, wall, light, HEIGHT);
  if (random.chance(0.3)) {
    const tone = mix(wall, hue(random.pick(style.accents)).hex, 0.35);
    drawing.add(
      `<rect y="${HORIZON * 0.62}" width="${WIDTH}" height="${HORIZON * 0.38}" fill="${tone}" opacity=".55"/>`,
    );
    drawing.add(`<rect y="${HORIZON * 0.62 - 3}" width="${WIDTH}" height="4" fill="${shade(tone, 1.2)}"/>`);
  } else if (random.chance(0.4)) {
    for (let x = 16; x < WIDTH; x += 104)
      drawing.add(
        `<path d="${rectangle(x, 24, 84, HORIZON - 60).d}" fill="none" stroke="${shade(wall, 0.78)}" stroke-width="2" opacity=".6"/>`,
      );
  }
  planks(drawing, { kind: "wood", colour: WOODS[style.floor] }, HORIZON, WIDTH / 2, 15);
  drawing.add(
    `<rect y="${HORIZON - 11}" width="${WIDTH}" height="11" fill="${shade(wall, 1.25)}"/><rect y="${HORIZON - 12}" width="${WIDTH}" height="1.5" fill="${shade(wall, 0.7)}" opacity=".5"/>`,
  );
  const side = light[0] < 0 ? 0 : WIDTH;
  const pool = drawing.radial([side, HEIGHT * 0.8], WIDTH * 0.75, [
    [0, "#fff3d6", 0.34],
    [1, "#fff3d6", 0],
  ]);
  drawing.add(`<rect y="${HORIZON}" width="${WIDTH}" height="${HEIGHT - HORIZON}" fill="${pool}"/>`);
}

/** A window behind the curtains: sky, hills and a cross of bars. */
export function paintWindow(drawing: Drawing, design: Design, view: View): void {
  const half = Number(design.attributes.width_cm) / 2;
  const tall = Number(design.attributes.height_cm);
  const [left, top] = view.project([-half * 0.86, tall * 0.95, 0]);
  const [right, bottom] = view.project([half * 0.86, tall * 0.3, 0]);
  const [w, h] = [right - left, bottom - top];
  const sky = drawing.linear(
    [0, top],
    [0, bottom],
    [
      [0, "#bfdcec"],
      [0.7, "#f6f1e1"],
      [1, "#dfe6c9"],
    ],
  );
  drawing.add(
    `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}" fill="${sky}"/>`,
  );
  const hill = ellipse(left + w * 0.5, bottom + h * 0.1, w * 0.5, h * 0.24);
  drawing.add(
    `<g opacity=".8"><clipPath id="pane"><rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}"/></clipPath><path d="${hill.d}" fill="#9bb38a" clip-path="url(#pane)"/></g>`,
  );
  const frame = `M${left} ${top}h${w}v${h}h${-w}ZM${left + w / 2} ${top}v${h}M${left} ${top + h * 0.45}h${w}`;
  drawing.add(
    `<path d="${frame}" fill="none" stroke="#f5f2ea" stroke-width="6"/><path d="${frame}" fill="none" stroke="#b9b3a6" stroke-width="1" opacity=".7" transform="translate(3 3)"/>`,
  );
}
