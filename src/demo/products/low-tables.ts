/** Coffee, nesting and side tables. */
import { type Design, made } from "../design.ts";
import type { Vector } from "../geometry.ts";
import type { Material } from "../material.ts";
import { ellipse, type Outline, rectangle, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import { horizontal, slab } from "../solids/slab.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { metal, wood } from "../textile.ts";
import { fourLegs } from "./legs.ts";
import { topMaterial } from "./table-top.ts";

export function coffee(random: Random, style: Style): Design {
  const top = topMaterial(random, style);
  const legs = random.chance(0.5) ? metal(random, style) : wood(random, style);
  const [width, depth, height] = [random.between(95, 130), random.between(55, 70), random.between(34, 42)];
  const pebble: Outline = spline([
    [-width / 2, 4],
    [-width * 0.3, -depth / 2],
    [width * 0.2, -depth * 0.46],
    [width / 2, -depth * 0.1],
    [width * 0.36, depth * 0.4],
    [-width * 0.1, depth / 2],
  ]);
  const form = random.pick(["pebble", "oval", "rectangular"] as const);
  const outline =
    form === "pebble"
      ? pebble
      : form === "oval"
        ? ellipse(0, 0, width / 2, depth / 2)
        : rectangle(-width / 2, -depth / 2, width, depth, 3);
  const hairpin = legs.material.kind === "metal" && random.chance(0.6);
  const solids: Solid[] = [slab(horizontal(0, height, 0), outline, random.between(2, 5), top.material)];
  if (hairpin) {
    for (const x of [-1, 1])
      for (const z of [-1, 1]) {
        const foot: Vector = [x * width * 0.36, 0, z * depth * 0.32];
        for (const lean of [-5, 5])
          solids.push(
            rod(foot, [foot[0] - x * 3 + lean, height - 3, foot[2] - z * 3], 0.7, 0.7, legs.material),
          );
      }
  } else
    solids.push(
      ...fourLegs(width * 0.58, depth * 0.52, height - 3, random.between(2, 8), 2.4, legs.material),
    );
  if (form === "rectangular" && random.chance(0.6))
    solids.push(
      slab(
        horizontal(0, height * 0.42, 0),
        rectangle(-width * 0.3, -depth * 0.28, width * 0.6, depth * 0.56, 2),
        2,
        top.material,
      ),
    );
  return {
    noun: "coffee table",
    ...made(top),
    details: [`a ${form} top`, hairpin ? `hairpin legs of ${legs.name}` : `four ${legs.name} legs`],
    price: Math.round(random.between(99, 690)),
    attributes: { width_cm: Math.round(width), height_cm: Math.round(height), base: legs.name },
    mount: "floor",
    solids,
  };
}

export function nest(random: Random, style: Style): Design {
  const top = wood(random, style);
  const other = topMaterial(random, style);
  const legs = metal(random, style);
  const radius = random.between(24, 30);
  const one = (x: number, z: number, height: number, r: number, material: Material): Solid[] => [
    slab(horizontal(x, height, z), ellipse(0, 0, r), 2, material),
    ...[0.3, 1.4, 2.5].map((angle) => {
      const [cos, sin] = [Math.cos(angle * 2.09), Math.sin(angle * 2.09)];
      return rod(
        [x + cos * r * 0.9, 0, z + sin * r * 0.9],
        [x + cos * r * 0.7, height - 2, z + sin * r * 0.7],
        0.9,
        0.9,
        legs.material,
      );
    }),
  ];
  return {
    noun: "nesting tables",
    ...made(top),
    details: [`a pair, the lower one topped with ${other.name}`, `three ${legs.name} legs each`],
    price: Math.round(random.between(99, 390)),
    attributes: { pieces: 2, base: legs.name },
    mount: "floor",
    solids: [
      ...one(-10, -8, random.between(46, 54), radius, top.material),
      ...one(24, 16, 36, radius * 0.8, other.material),
    ],
  };
}

export function side(random: Random, style: Style): Design {
  const top = topMaterial(random, style);
  const [radius, height] = [random.between(18, 25), random.between(44, 56)];
  const form = random.pick(["drum", "hourglass", "stacked"] as const);
  const profile = {
    drum: [
      [radius, 0, 1],
      [radius, height, 1],
    ],
    hourglass: [
      [radius, 0],
      [radius * 0.55, height * 0.5],
      [radius, height],
    ],
    stacked: [
      [radius * 0.9, 0],
      [radius, height * 0.16],
      [radius * 0.6, height * 0.34],
      [radius * 0.92, height * 0.52],
      [radius * 0.55, height * 0.72],
      [radius, height - 3, 1],
      [radius, height, 1],
    ],
  } as const;
  return {
    noun: "side table",
    ...made(top),
    details: [
      `turned in the form of ${form === "hourglass" ? "an hourglass" : form === "drum" ? "a drum" : "stacked discs"}`,
    ],
    price: Math.round(random.between(79, 390)),
    attributes: { diameter_cm: Math.round(radius * 2), height_cm: Math.round(height) },
    mount: "floor",
    solids: [
      lathe(
        [0, 0, 0],
        profile[form],
        top.material,
        form === "drum" && random.chance(0.6) ? { flutes: 18 } : {},
      ),
    ],
  };
}
