/** Dining tables, on legs and on a pedestal. */
import { type Design, made } from "../design.ts";
import { ellipse, rectangle } from "../outline.ts";
import type { Random } from "../random.ts";
import { box, upright } from "../solids/box.ts";
import { lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import { horizontal, slab } from "../solids/slab.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { metal, wood } from "../textile.ts";
import { fourLegs } from "./legs.ts";
import { topMaterial } from "./table-top.ts";

export function dining(random: Random, style: Style): Design {
  const top = topMaterial(random, style);
  const base = top.material.kind === "wood" && random.chance(0.6) ? top : metal(random, style);
  const [width, depth, height] = [random.between(140, 200), random.between(80, 96), 75];
  const kind = random.pick(["splayed", "trestle", "block", "sled"] as const);
  const solids: Solid[] = [
    slab(
      horizontal(0, height, 0),
      rectangle(-width / 2, -depth / 2, width, depth, random.pick([1, 8, 38])),
      random.between(2.5, 5),
      top.material,
    ),
  ];
  const under = height - 4;
  if (kind === "splayed")
    solids.push(...fourLegs(width * 0.72, depth * 0.66, under, random.between(5, 12), 3, base.material));
  if (kind === "block") {
    for (const x of [-1, 1])
      for (const z of [-1, 1])
        solids.push(
          box(upright(x * width * 0.42 - 3.5, under, z * depth * 0.38 + 3.5), [7, under, 7], base.material),
        );
  }
  if (kind === "trestle") {
    for (const x of [-1, 1]) {
      const at = x * width * 0.34;
      for (const z of [-1, 1])
        solids.push(rod([at, 0, z * depth * 0.4], [at, under, z * depth * 0.1], 2.4, 2.4, base.material));
      solids.push(
        rod([at, under * 0.3, -depth * 0.3], [at, under * 0.3, depth * 0.3], 1.6, 1.6, base.material),
      );
    }
    solids.push(
      rod([-width * 0.34, under * 0.3, 0], [width * 0.34, under * 0.3, 0], 1.8, 1.8, base.material),
    );
  }
  if (kind === "sled") {
    for (const x of [-1, 1]) {
      const at = x * width * 0.38;
      for (const z of [-1, 1])
        solids.push(rod([at, 1.5, z * depth * 0.4], [at, under, z * depth * 0.4], 1.5, 1.5, base.material));
      solids.push(rod([at, 1.5, -depth * 0.4], [at, 1.5, depth * 0.4], 1.5, 1.5, base.material));
    }
  }
  return {
    noun: "dining table",
    ...made(top),
    details: [`a ${kind} base of ${base.name}`, `seats ${width > 170 ? "eight" : "six"}`],
    price: Math.round(random.between(290, 1590)),
    attributes: { width_cm: Math.round(width), height_cm: height, base: base.name },
    mount: "floor",
    solids,
  };
}

export function pedestal(random: Random, style: Style): Design {
  const top = topMaterial(random, style);
  const base = random.chance(0.5) ? metal(random, style) : wood(random, style);
  const [radius, height] = [random.between(42, 62), random.pick([74, 75, 50])];
  const form = random.pick(["tulip", "fluted column", "cone"] as const);
  const r = radius * 0.5;
  const solids: Solid[] = [
    slab(horizontal(0, height, 0), ellipse(0, 0, radius), random.between(2, 4), top.material),
    form === "tulip"
      ? lathe(
          [0, 0, 0],
          [
            [r, 0, 1],
            [r * 0.9, 2],
            [r * 0.3, 10],
            [4, height * 0.5],
            [6, height * 0.85],
            [14, height - 4],
          ],
          base.material,
        )
      : form === "cone"
        ? lathe(
            [0, 0, 0],
            [
              [r * 1.1, 0, 1],
              [r * 0.45, height - 4, 1],
            ],
            base.material,
          )
        : lathe(
            [0, 0, 0],
            [
              [r * 0.8, 0, 1],
              [r * 0.8, height - 4, 1],
            ],
            base.material,
            { flutes: 16 },
          ),
  ];
  return {
    noun: height < 60 ? "round coffee table" : "round table",
    ...made(top),
    details: [`a round top on a ${form} of ${base.name}`],
    price: Math.round(random.between(190, 990)),
    attributes: { diameter_cm: Math.round(radius * 2), height_cm: height, base: base.name },
    mount: "floor",
    solids,
  };
}
