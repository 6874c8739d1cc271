/** Desks. */
import { type Design, made } from "../design.ts";
import type { Random } from "../random.ts";
import { box, upright } from "../solids/box.ts";
import { rod } from "../solids/rod.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { metal, wood } from "../textile.ts";
import { fourLegs } from "./legs.ts";

export function desk(random: Random, style: Style): Design {
  const top = wood(random, style);
  const legs = random.chance(0.5) ? top : metal(random, style);
  const [width, depth, height] = [random.between(115, 150), 60, 75];
  const drawers = random.integer(1, 3);
  const solids: Solid[] = [
    box(upright(-width / 2, height, depth / 2), [width, 3, depth], top.material, 0.6),
    ...fourLegs(width * 0.86, depth * 0.8, height - 3, random.between(0, 5), 2.2, legs.material),
  ];
  const span = drawers === 1 ? width * 0.5 : (width * 0.8) / drawers;
  for (let index = 0; index < drawers; index++) {
    const x = -(span * drawers) / 2 + index * span;
    solids.push(
      box(upright(x + 0.5, height - 3, depth / 2 - 3), [span - 1, 12, depth - 8], top.material, 0.4),
    );
    solids.push(
      rod(
        [x + span / 2 - 4, height - 9, depth / 2 - 2.4],
        [x + span / 2 + 4, height - 9, depth / 2 - 2.4],
        0.7,
        0.7,
        { kind: "metal", colour: "#c9a353" },
      ),
    );
  }
  return {
    noun: "desk",
    ...made(top),
    details: [`${drawers === 1 ? "one drawer" : `${drawers} drawers`} with brass pulls`, `${legs.name} legs`],
    price: Math.round(random.between(190, 790)),
    attributes: { width_cm: Math.round(width), drawers, base: legs.name },
    mount: "floor",
    solids,
  };
}
