import type { Material } from "../material.ts";
import type { Random } from "../random.ts";
import { box, upright } from "../solids/box.ts";
import { lathe } from "../solids/lathe.ts";
import type { Solid } from "../solids/solid.ts";
import { hue, type Style } from "../styles.ts";
import { coloured } from "../textile.ts";
import { vaseProfile } from "./vase.ts";

/** Books and a vase or two on a board, from x to x + width, in front of z. */
export function fill(
  random: Random,
  style: Style,
  x: number,
  y: number,
  width: number,
  room: number,
  front: number,
): Solid[] {
  const solids: Solid[] = [];
  let at = x + 1;
  const palette = [...style.hues, ...style.accents];
  const end = x + width * random.between(0.5, 0.98);
  while (at < end - 7) {
    if (random.chance(0.16)) {
      const r = Math.min(5, (end - at) / 2);
      const h = Math.min(room * 0.7, r * random.between(1.6, 3));
      const { material } = coloured(random, style, [["ceramic", "ceramic"]], 0.6);
      solids.push(
        lathe(
          [at + r, y, front - 9],
          vaseProfile(random.pick(["globe", "bottle", "bulb", "amphora"]), r, h),
          material,
          { hollow: true },
        ),
      );
      at += r * 2 + 2;
      continue;
    }
    const run = random.integer(2, 5);
    for (let book = 0; book < run && at < end - 3; book++) {
      const [thick, tall] = [random.between(2, 4.6), Math.min(room * 0.86, random.between(15, 24))];
      const cover: Material = { kind: "paper", colour: hue(random.pick(palette)).hex };
      solids.push(
        box(upright(at, y + tall, front - random.between(3, 5)), [thick - 0.2, tall, 15], cover, 0.3),
      );
      at += thick;
    }
    at += random.pick([0, 0, 4, 9]);
  }
  return solids;
}
