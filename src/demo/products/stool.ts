/** Stools, low and high. */
import { type Design, made } from "../design.ts";
import type { Random } from "../random.ts";
import { lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import type { Style } from "../styles.ts";
import { cloth, metal, UPHOLSTERY, wood } from "../textile.ts";
import { fourLegs } from "./legs.ts";

export function stool(random: Random, style: Style): Design {
  const top = random.chance(0.5)
    ? wood(random, style)
    : cloth(random, style, { kinds: UPHOLSTERY, repeat: 12, printed: 0 });
  const legs = random.chance(0.5) ? metal(random, style) : wood(random, style);
  const height = random.pick([46, 62, 74]);
  const radius = random.between(16, 20);
  const spread = random.between(2, 7);
  const padded = top.material.kind !== "wood";
  const solids = [
    lathe(
      [0, height - (padded ? 8 : 4), 0],
      padded
        ? [
            [radius - 0.8, 0, 1],
            [radius, 1.6],
            [radius, 5.4],
            [radius - 1, 7.4],
            [radius - 2.4, 8, 1],
          ]
        : [
            [radius - 1, 0, 1],
            [radius, 1.5],
            [radius, 4, 1],
          ],
      top.material,
    ),
    ...fourLegs(radius * 1.2, radius * 1.2, height - (padded ? 8 : 4), spread, 1.5, legs.material),
  ];
  const reach = radius * 0.6 + spread * 0.6;
  for (const [from, to] of [
    [
      [-1, 1],
      [1, 1],
    ],
    [
      [1, 1],
      [1, -1],
    ],
    [
      [1, -1],
      [-1, -1],
    ],
    [
      [-1, -1],
      [-1, 1],
    ],
  ] as const) {
    solids.push(
      rod(
        [from[0] * reach, height * 0.38, from[1] * reach],
        [to[0] * reach, height * 0.38, to[1] * reach],
        0.8,
        0.8,
        legs.material,
      ),
    );
  }
  return {
    noun: height > 50 ? "bar stool" : "stool",
    ...made(top),
    details: [`a round ${padded ? "padded " : ""}seat on four ${legs.name} legs`, "a footrest all round"],
    price: Math.round(random.between(49, 180)),
    attributes: { legs: 4, leg_material: legs.name, seat_height_cm: height },
    mount: "floor",
    solids,
  };
}
