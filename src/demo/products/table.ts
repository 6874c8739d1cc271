import { type Design, made } from "../design.ts";
import type { Vector } from "../geometry.ts";
import type { Material } from "../material.ts";
import { ellipse, type Outline, rectangle, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { box, upright } from "../solids/box.ts";
import { lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import { horizontal, slab } from "../solids/slab.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { metal, type Named, wood } from "../textile.ts";
import { fourLegs } from "./chair.ts";

const STONES = [
  { name: "white marble", hex: "#e9e6e1" },
  { name: "green marble", hex: "#3f5f52" },
  { name: "travertine", hex: "#d8c6a8" },
  { name: "black marble", hex: "#2c2b2f" },
] as const;

function topMaterial(random: Random, style: Style): Named {
  if (!random.chance(0.22)) return wood(random, style);
  const stone = random.pick(STONES);
  return {
    material: { kind: "stone", colour: stone.hex },
    name: stone.name,
    colour: stone,
    pattern: "plain",
  };
}

export function designTable(random: Random, style: Style): Design {
  return random.pick([dining, pedestal, coffee, nest, desk, side])(random, style);
}

function dining(random: Random, style: Style): Design {
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

function pedestal(random: Random, style: Style): Design {
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

function coffee(random: Random, style: Style): Design {
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

function nest(random: Random, style: Style): Design {
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

function desk(random: Random, style: Style): Design {
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

function side(random: Random, style: Style): Design {
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
