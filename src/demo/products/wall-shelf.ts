/** Shelves on brackets. */
import { type Design, made } from "../design.ts";
import type { Random } from "../random.ts";
import { box, upright } from "../solids/box.ts";
import { rod } from "../solids/rod.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { metal, wood } from "../textile.ts";
import { fill } from "./shelf-contents.ts";

export function wallShelf(random: Random, style: Style): Design {
  const named = wood(random, style);
  const bracket = metal(random, style);
  const [width, rows] = [random.between(70, 110), random.integer(1, 2)];
  const solids: Solid[] = [];
  for (let row = 0; row < rows; row++) {
    const y = row * 36;
    solids.push(box(upright(-width / 2, y, 20), [width, 3, 20], named.material, 0.4));
    for (const x of [-0.34, 0.34]) {
      solids.push(rod([x * width, y - 3, 1], [x * width, y - 3, 18], 0.7, 0.7, bracket.material));
      solids.push(rod([x * width, y - 16, 1], [x * width, y - 3.5, 16], 0.7, 0.7, bracket.material));
    }
    solids.push(...fill(random, style, -width / 2 + 3, y, width - 6, 30, 20));
  }
  return {
    noun: "wall shelf",
    ...made(named),
    details: [`${rows === 1 ? "one board" : "two boards"} on ${bracket.name} brackets`],
    price: Math.round(random.between(29, 140)),
    attributes: { rows, bracket: bracket.name, width_cm: Math.round(width) },
    mount: "wall",
    solids,
  };
}
