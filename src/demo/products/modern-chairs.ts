/** Shell, upholstered and cantilever chairs. */
import { type Design, made } from "../design.ts";
import type { Material } from "../material.ts";
import { ellipse, joined, rectangle, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { leaning, upright } from "../solids/box.ts";
import { rod } from "../solids/rod.ts";
import { horizontal, slab } from "../solids/slab.ts";
import { soft } from "../solids/soft.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { cloth, coloured, metal, UPHOLSTERY, wood } from "../textile.ts";
import { fourLegs } from "./legs.ts";

export function shell(random: Random, style: Style): Design {
  const body = random.chance(0.3)
    ? wood(random, style)
    : coloured(random, style, [["moulded plastic", "plastic"]], 0.3);
  const { material } = body;
  const legs = random.chance(0.5) ? wood(random, style) : metal(random, style);
  const [width, depth, height, rise] = [random.between(44, 54), 42, 44, random.between(30, 44)];
  const waist = random.between(0.3, 0.46);
  const back = spline(
    symmetric([
      [0, 0],
      [width * 0.4, 1.5],
      [width / 2, rise * 0.36],
      [width * waist, rise * 0.8],
      [width * 0.36, rise + 4, 1],
      [0, rise + 4],
    ]),
  );
  const hole = random.chance(0.4) ? ellipse(0, rise * 0.28, width * 0.16, 3) : undefined;
  const seat = spline(
    symmetric([
      [0, -depth / 2],
      [width * 0.38, -depth / 2],
      [width * 0.5, -depth * 0.1],
      [width * 0.47, depth * 0.4],
      [0, depth / 2 + 1],
    ]),
  );
  const solids = [
    slab(horizontal(0, height, 0), seat, 2.5, material),
    slab(leaning(0, height - 2, -depth / 2 + 4, rise, 0.2), hole ? joined(back, hole) : back, 2, material),
    ...fourLegs(
      width * 0.5,
      depth * 0.5,
      height - 2.4,
      random.between(5, 9),
      legs.name.includes("steel") ? 1 : 1.7,
      legs.material,
    ),
  ];
  return {
    noun: "shell chair",
    ...made(body),
    details: [`one curved shell on splayed ${legs.name} legs`, ...(hole ? ["a grip cut into the back"] : [])],
    price: Math.round(random.between(59, 190)),
    attributes: { legs: 4, leg_material: legs.name, seat_height_cm: height },
    mount: "floor",
    solids,
  };
}

export function upholstered(random: Random, style: Style): Design {
  const cover = cloth(random, style, { kinds: UPHOLSTERY, repeat: 14 });
  const legs = random.chance(0.7) ? wood(random, style) : metal(random, style);
  const [width, depth, height, rise] = [random.between(46, 56), 48, 47, random.between(36, 54)];
  const seat = soft(upright(-width / 2, height, depth / 2), [width, 11, depth], cover.material, {
    radius: 3.5,
    bulge: 2.5,
  });
  const tufts: [number, number] | undefined = random.chance(0.4) ? [3, 3] : undefined;
  const back = soft(
    leaning(-width * 0.48, height - 3, -depth / 2 + 12, rise + 3, 0.16),
    [width * 0.96, rise + 3, 8],
    cover.material,
    {
      radius: 3.4,
      seams: random.chance(0.3) ? [0.33, 0.67] : [],
      ...(tufts ? { tufts } : {}),
    },
  );
  return {
    noun: "dining chair",
    ...made(cover),
    details: [
      `a padded seat and back on tapered ${legs.name} legs`,
      ...(tufts ? ["a button-tufted back"] : []),
    ],
    price: Math.round(random.between(129, 390)),
    attributes: { legs: 4, leg_material: legs.name, seat_height_cm: height },
    mount: "floor",
    solids: [
      seat,
      back,
      ...fourLegs(width * 0.8, depth * 0.78, height - 10, random.between(1, 4), 2, legs.material),
    ],
  };
}

export function cantilever(random: Random, style: Style): Design {
  const tube = metal(random, style);
  const cover = random.chance(0.5)
    ? {
        material: { kind: "rattan", colour: "#d8b981" } as Material,
        name: "cane",
        colour: { name: "beige", hex: "#d8b981" as const },
        pattern: "plain" as const,
      }
    : cloth(random, style, {
        kinds: [
          ["leather", "leather"],
          ["linen", "weave"],
        ],
        repeat: 12,
        printed: 0,
      });
  const [width, depth, height, rise] = [random.between(44, 50), 46, 45, random.between(32, 42)];
  const bend = (side: number): Solid[] => {
    const x = (side * width) / 2;
    return [
      rod([x, 1.2, -depth / 2], [x, 1.2, depth / 2], 1.2, 1.2, tube.material),
      rod([x, 1.2, depth / 2], [x, height - 1, depth / 2], 1.2, 1.2, tube.material),
      rod([x, height - 1, depth / 2], [x, height - 1, -depth / 2], 1.2, 1.2, tube.material),
      rod([x, height - 1, -depth / 2], [x, height + rise, -depth / 2 - 9], 1.2, 1.2, tube.material),
    ];
  };
  const rim =
    tube.name === "chrome" ? ({ kind: "wood", colour: "#2f2a27" } as Material) : wood(random, style).material;
  const plate = rectangle(-width / 2, 0, width, depth - 2, 4);
  const solids = [
    ...bend(-1),
    ...bend(1),
    rod([-width / 2, 1.2, -depth / 2], [width / 2, 1.2, -depth / 2], 1.2, 1.2, tube.material),
    slab(horizontal(0, height + 1.5, -depth / 2 + 1), plate, 2.2, rim),
    slab(
      horizontal(0, height + 1.8, -depth / 2 + 1),
      rectangle(-width / 2 + 3.5, 3.5, width - 7, depth - 9, 3),
      0.3,
      cover.material,
    ),
    slab(
      leaning(0, height + rise * 0.35, -depth / 2 - 2, rise * 0.65, 0.2),
      rectangle(-width / 2, 0, width, rise * 0.65, 4),
      2.2,
      rim,
    ),
    slab(
      { ...leaning(0, height + rise * 0.35, -depth / 2 - 1.7, rise * 0.65, 0.2) },
      rectangle(-width / 2 + 3.5, 3.5, width - 7, rise * 0.65 - 7, 3),
      0.3,
      cover.material,
    ),
  ];
  return {
    noun: "cantilever chair",
    ...made(cover),
    details: [`a swinging frame of ${tube.name} tube`, `seat and back of ${cover.name}`],
    price: Math.round(random.between(149, 420)),
    attributes: { frame: tube.name, seat_height_cm: height },
    mount: "floor",
    solids,
  };
}
