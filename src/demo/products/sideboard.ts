/** Sideboards. */
import { type Design, made } from "../design.ts";
import type { Random } from "../random.ts";
import { box, upright } from "../solids/box.ts";
import { rod } from "../solids/rod.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { metal, wood } from "../textile.ts";
import { fill } from "./shelf-contents.ts";

export function cabinet(random: Random, style: Style): Design {
  const named = wood(random, style);
  const front = random.chance(0.3) ? ({ kind: "rattan", colour: "#d6b680" } as const) : named.material;
  const [width, depth, height, foot] = [
    random.between(120, 170),
    42,
    random.between(50, 64),
    random.between(14, 22),
  ];
  const doors = random.integer(2, 4);
  const knob = metal(random, style);
  const solids: Solid[] = [
    box(upright(-width / 2, foot + height, depth / 2), [width, height, depth], named.material, 0.8),
  ];
  const each = (width - 4) / doors;
  for (let door = 0; door < doors; door++) {
    const x = -width / 2 + 2 + door * each;
    solids.push(
      box(
        upright(x + 0.6, foot + height - 3, depth / 2 + 1.8),
        [each - 1.2, height - 6, 1.6],
        named.material,
        0.5,
      ),
    );
    if (front !== named.material)
      solids.push(
        box(upright(x + 4, foot + height - 7, depth / 2 + 2.4), [each - 8, height - 14, 0.5], front, 0.5),
      );
    const side = door % 2 ? x + 3.4 : x + each - 3.4;
    solids.push(
      rod(
        [side, foot + height * 0.58, depth / 2 + 2],
        [side, foot + height * 0.58, depth / 2 + 4.4],
        1,
        1.2,
        knob.material,
      ),
    );
  }
  for (const x of [-1, 1])
    for (const z of [-1, 1])
      solids.push(
        rod(
          [x * width * 0.44, 0, z * depth * 0.42],
          [x * width * 0.4, foot, z * depth * 0.34],
          1.2,
          2.2,
          named.material,
        ),
      );
  solids.push(...fill(random, style, -width / 2 + 6, foot + height, width * 0.5, 30, depth / 2 - 8));
  return {
    noun: "sideboard",
    ...made(named),
    details: [
      `${doors} doors${front === named.material ? "" : " with woven cane panels"}`,
      `${knob.name} knobs`,
    ],
    price: Math.round(random.between(290, 1290)),
    attributes: { doors, width_cm: Math.round(width), height_cm: Math.round(height + foot) },
    mount: "floor",
    solids,
  };
}
