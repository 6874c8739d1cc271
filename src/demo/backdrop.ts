/** What stands behind a product: studio paper, a corner of a room, a table, a wall in the sun, a surface seen from above. */
import { type Hex, lightness, mix, shade } from "./colour.ts";
import type { Drawing } from "./drawing.ts";
import type { Vector } from "./geometry.ts";
import { type Material, surfaceLayers } from "./material.ts";
import { ellipse, polygon, rectangle } from "./outline.ts";
import type { Random } from "./random.ts";
import { hue, type Style, WOODS } from "./styles.ts";
import { groundPlane, paintWall, planks, wallColour, windowLight } from "./surroundings.ts";

export interface Backdrop {
  /** Colour of shadows on it. */
  readonly shadow: Hex;
  /** How dark they are, 0 to 1. */
  readonly strength: number;
}

/** Wall and floor that meet in a line at `horizon` pixels, or flow into each other. */
export function standing(
  drawing: Drawing,
  random: Random,
  style: Style,
  light: Vector,
  horizon: number,
  subject: Hex,
): Backdrop {
  const { width, height } = drawing;
  const wall = wallColour(random, style, subject);
  const kind = random.pick(["sweep", "sweep", "paper", "planks", "arch", "panelled"] as const);
  paintWall(drawing, wall, light, height);
  if (kind === "arch") {
    const colour = mix(wall, hue(random.pick(style.accents)).hex, 0.45);
    const [x, r] = [width * random.between(0.34, 0.66), width * random.between(0.28, 0.36)];
    drawing.add(
      `<path d="M${x - r} ${horizon}V${horizon * 0.52}A${r} ${horizon * 0.42} 0 0 1 ${x + r} ${horizon * 0.52}V${horizon}Z" fill="${colour}" opacity=".62"/>`,
    );
  }
  if (kind === "panelled") {
    for (let x = random.between(20, 90); x < width; x += 150) {
      const frame = rectangle(x, -20, 112, horizon - 30);
      drawing.add(
        `<path d="${frame.d}" fill="none" stroke="#fff" stroke-width="3" opacity=".3" transform="translate(1.5 1.5)"/>`,
      );
      drawing.add(
        `<path d="${frame.d}" fill="none" stroke="${shade(wall, 0.7)}" stroke-width="2" opacity=".6"/>`,
      );
    }
  }
  const soft = random.chance(0.55);
  if (soft) windowLight(drawing, random, light, width, horizon);
  if (kind === "sweep") {
    const ground = shade(wall, 1.06);
    drawing.add(
      `<rect y="${horizon - 70}" width="${width}" height="${height - horizon + 70}" fill="${drawing.linear(
        [0, horizon - 70],
        [0, height],
        [
          [0, ground, 0],
          [0.35, ground, 1],
          [1, shade(wall, 0.93), 1],
        ],
      )}"/>`,
    );
  } else if (kind === "paper") {
    const ground = random.chance(0.5) ? shade(wall, 0.86) : mix(wall, hue(random.pick(style.hues)).hex, 0.35);
    groundPlane(
      drawing,
      horizon,
      drawing.linear(
        [0, horizon],
        [0, height],
        [
          [0, shade(ground, 0.93)],
          [1, shade(ground, 1.08)],
        ],
      ),
    );
  } else {
    planks(
      drawing,
      { kind: "wood", colour: WOODS[style.floor] },
      horizon,
      width / 2,
      kind === "planks" ? 15 : 9,
    );
    if (kind === "panelled")
      drawing.add(
        `<rect y="${horizon - 16}" width="${width}" height="16" fill="${shade(wall, 1.14)}"/><rect y="${horizon - 17}" width="${width}" height="1.5" fill="${shade(wall, 0.7)}" opacity=".6"/>`,
      );
  }
  return { shadow: shade(mix(wall, "#2a2230", 0.6), 0.4), strength: 0.3 };
}

/** A table top before a wall; the table's far edge is at `horizon` pixels. */
export function tabletop(
  drawing: Drawing,
  random: Random,
  style: Style,
  light: Vector,
  horizon: number,
  subject: Hex,
): Backdrop {
  const { width, height } = drawing;
  const wall = wallColour(random, style, subject);
  paintWall(drawing, wall, light, height);
  if (random.chance(0.6)) windowLight(drawing, random, light, width, horizon * 1.1);
  else if (random.chance(0.5)) {
    const sun = mix(wall, hue(random.pick(style.accents)).hex, 0.4);
    drawing.add(
      `<circle cx="${width * random.between(0.3, 0.7)}" cy="${horizon * 0.55}" r="${width * 0.3}" fill="${sun}" opacity=".5"/>`,
    );
  }
  const surface: Material = random.pick([
    { kind: "wood", colour: WOODS[random.pick(style.woods)] },
    { kind: "stone", colour: "#e9e5df" },
    { kind: "weave", colour: mix(hue(random.pick(style.hues)).hex, "#f1ece2", 0.55) },
    { kind: "paper", colour: mix(wall, hue(random.pick(style.hues)).hex, 0.3) },
  ] as const);
  groundPlane(
    drawing,
    horizon,
    drawing.linear(
      [0, horizon],
      [0, height],
      [
        [0, shade(surface.colour, 0.9)],
        [1, shade(surface.colour, 1.1)],
      ],
    ),
  );
  const plane = rectangle(0, 0, width, (height - horizon) * 2.2);
  drawing.group(`transform="translate(0 ${horizon}) scale(1 .46)"`, () => {
    for (const layer of surfaceLayers(drawing, surface, 1.5))
      drawing.add(`<path d="${plane.d}" fill="${layer}"/>`);
  });
  return { shadow: shade(mix(surface.colour, "#2a2230", 0.7), 0.35), strength: 0.36 };
}

/** A wall that something hangs on. */
export function wallOnly(
  drawing: Drawing,
  random: Random,
  style: Style,
  light: Vector,
  subject: Hex,
): Backdrop {
  const { width, height } = drawing;
  const wall = wallColour(random, style, subject);
  paintWall(drawing, wall, light, height);
  const kind = random.pick(["plain", "plain", "two tones", "boards"] as const);
  if (kind === "two tones") {
    const line = height * random.between(0.6, 0.74);
    const tone = mix(wall, hue(random.pick(style.accents)).hex, 0.5);
    drawing.add(`<rect y="${line}" width="${width}" height="${height - line}" fill="${tone}" opacity=".6"/>`);
  }
  if (kind === "boards") {
    for (let x = random.between(0, 60); x < width; x += 64) {
      drawing.add(
        `<path d="M${x} 0V${height}" stroke="${shade(wall, 0.66)}" stroke-width="2" opacity=".45"/><path d="M${x + 2} 0V${height}" stroke="#fff" stroke-width="1.4" opacity=".3"/>`,
      );
    }
  }
  if (random.chance(0.65)) windowLight(drawing, random, light, width, height);
  return { shadow: shade(mix(wall, "#2a2230", 0.65), 0.4), strength: 0.34 };
}

/** A surface seen from above, on which something lies. */
export function laidOut(
  drawing: Drawing,
  random: Random,
  style: Style,
  light: Vector,
  subject: Hex,
): Backdrop {
  const { width, height } = drawing;
  const wall = wallColour(random, style, subject);
  paintWall(drawing, wall, light, height);
  const kind = random.pick(["paper", "paper", "linen", "boards", "shapes", "split"] as const);
  const whole = rectangle(0, 0, width, height);
  if (kind === "linen")
    for (const layer of surfaceLayers(drawing, { kind: "weave", colour: wall }, 1.2))
      drawing.add(`<path d="${whole.d}" fill="${layer}" opacity=".7"/>`);
  if (kind === "boards") {
    const floor: Material = { kind: "wood", colour: mix(WOODS[style.floor], wall, 0.35) };
    if (Math.abs(lightness(floor.colour) - lightness(subject)) > 0.1) {
      drawing.add(
        `<rect width="${width}" height="${height}" fill="${drawing.linear(
          [0, 0],
          [width, height],
          [
            [0, shade(floor.colour, 1.15)],
            [1, shade(floor.colour, 0.88)],
          ],
        )}"/>`,
      );
      for (const layer of surfaceLayers(drawing, floor, 2.4))
        drawing.add(`<path d="${whole.d}" fill="${layer}"/>`);
      for (let y = 58; y < height; y += 92)
        drawing.add(
          `<path d="M0 ${y}H${width}" stroke="${shade(floor.colour, 0.4)}" stroke-width="2" opacity=".45"/>`,
        );
    }
  }
  if (kind === "shapes") {
    const [one, other] = random.shuffle(style.accents).map((name) => mix(wall, hue(name).hex, 0.34));
    drawing.add(
      `<path d="${ellipse(width * random.between(0.2, 0.8), height * random.between(0.2, 0.8), width * 0.36).d}" fill="${one}" opacity=".55"/>`,
    );
    drawing.add(
      `<path d="${rectangle(width * random.between(-0.1, 0.5), height * 0.62, width * 0.6, height * 0.6, width * 0.3).d}" fill="${other}" opacity=".45"/>`,
    );
  }
  if (kind === "split") {
    const tone = mix(wall, hue(random.pick(style.hues)).hex, 0.3);
    const at = random.between(0.3, 0.7);
    drawing.add(
      `<path d="${
        polygon([
          [width * at, 0],
          [width, 0],
          [width, height],
          [width * (at - 0.16), height],
        ]).d
      }" fill="${tone}" opacity=".7"/>`,
    );
  }
  if (random.chance(0.6)) windowLight(drawing, random, light, width, height);
  return { shadow: shade(mix(wall, "#2a2230", 0.65), 0.4), strength: 0.32 };
}
