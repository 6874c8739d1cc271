import { type Design, made } from "../design.ts";
import type { Vector } from "../geometry.ts";
import type { Material } from "../material.ts";
import { ellipse, joined, rectangle, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { box, leaning, upright } from "../solids/box.ts";
import { lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import { horizontal, slab } from "../solids/slab.ts";
import { soft } from "../solids/soft.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { cloth, coloured, metal, UPHOLSTERY, wood } from "../textile.ts";

/** Four legs under a seat of width × depth, splayed outwards by `splay` centimetres. */
export function fourLegs(
  width: number,
  depth: number,
  height: number,
  splay: number,
  radius: number,
  material: Material,
): Solid[] {
  return [-1, 1].flatMap((side) =>
    [-1, 1].map((front) => {
      const top: Vector = [(side * width) / 2, height, (front * depth) / 2];
      const foot: Vector = [top[0] + side * splay, 0, top[2] + front * splay];
      return rod(foot, top, radius * 0.62, radius, material);
    }),
  );
}

export function designChair(random: Random, style: Style): Design {
  return random.pick([spindle, shell, upholstered, ladder, cantilever, stool])(random, style);
}

function spindle(random: Random, style: Style): Design {
  const frame = random.chance(0.4)
    ? coloured(random, style, [["painted beech", "plastic"]], 0.5)
    : wood(random, style);
  const { material } = frame;
  const [width, depth, height] = [random.between(42, 50), random.between(40, 46), 45];
  const seat = spline(
    symmetric([
      [0, -depth / 2],
      [width * 0.42, -depth / 2 + 2],
      [width / 2, 0],
      [width * 0.46, depth * 0.44],
      [0, depth / 2],
    ]),
  );
  const rise = random.between(34, 56);
  const count = random.integer(5, 8);
  const spread = random.between(1.0, 1.25);
  const solids: Solid[] = [
    slab(horizontal(0, height, 0), seat, 3.5, material),
    ...fourLegs(width * 0.66, depth * 0.62, height - 3, random.between(4, 8), 1.9, material),
  ];
  for (let index = 0; index < count; index++) {
    const across = (index / (count - 1) - 0.5) * width * 0.78;
    const thick = index === 0 || index === count - 1 ? 1.3 : 0.75;
    solids.push(
      rod(
        [across, height, -depth * 0.4],
        [across * spread, height + rise, -depth * 0.4 - 8],
        thick,
        thick * 0.8,
        material,
      ),
    );
  }
  const rail = width * 0.78 * spread + 6;
  const bow = random.between(2, 7);
  const crest = spline([
    [-rail / 2, 2, 1],
    [0, -bow],
    [rail / 2, 2, 1],
    [rail / 2 - 1, 8, 1],
    [0, 7 - bow * 0.6],
    [-rail / 2 + 1, 8, 1],
  ]);
  solids.push(
    slab(
      {
        ...leaning(0, height + rise, -depth * 0.4 - 7, 0, 0.14),
        origin: [0, height + rise + 4, -depth * 0.4 - 7],
      },
      crest,
      2.4,
      material,
    ),
  );
  return {
    noun: "spindle chair",
    ...made(frame),
    details: [`${count} turned spindles under a curved crest rail`, "a saddled seat on splayed legs"],
    price: Math.round(random.between(89, 240)),
    attributes: { legs: 4, spindles: count, seat_height_cm: height },
    mount: "floor",
    solids,
  };
}

function shell(random: Random, style: Style): Design {
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

function upholstered(random: Random, style: Style): Design {
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

function ladder(random: Random, style: Style): Design {
  const frame = wood(random, style);
  const [width, depth, height, rise] = [random.between(42, 48), 42, 45, random.between(40, 58)];
  const rungs = random.integer(2, 5);
  const seat = random.pick([
    { name: "woven cord", material: { kind: "rattan", colour: "#d9bf91" } },
    { name: "black cord", material: { kind: "rattan", colour: "#3a3734" } },
    { name: frame.name, material: frame.material },
  ] as const);
  const post = (side: number): Solid[] => [
    rod(
      [(side * width) / 2, 0, -depth / 2],
      [(side * width) / 2, height + rise, -depth / 2 - 5],
      1.8,
      1.5,
      frame.material,
    ),
    rod(
      [(side * width) / 2, 0, depth / 2],
      [(side * width) / 2, height, depth / 2],
      1.7,
      1.9,
      frame.material,
    ),
    rod(
      [(side * width) / 2, height * 0.4, -depth / 2],
      [(side * width) / 2, height * 0.4, depth / 2],
      0.9,
      0.9,
      frame.material,
    ),
  ];
  const slats = Array.from({ length: rungs }, (_, index) => {
    const y = height + 12 + ((rise - 12) * (index + 0.6)) / rungs;
    return box(leaning(-width / 2, y, -depth / 2 - 2.5, 5, 0.1), [width, 5, 1.6], frame.material, 1);
  });
  return {
    noun: "ladder-back chair",
    ...made(frame),
    details: [`${rungs} slats in the back`, `a seat of ${seat.name}`],
    price: Math.round(random.between(99, 260)),
    attributes: { legs: 4, slats: rungs, seat_height_cm: height },
    mount: "floor",
    solids: [
      ...post(-1),
      ...post(1),
      ...slats,
      box(
        upright(-width / 2 - 1, height + 1.5, depth / 2 + 1.5),
        [width + 2, 4, depth + 2],
        seat.material,
        1.5,
      ),
    ],
  };
}

function cantilever(random: Random, style: Style): Design {
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

function stool(random: Random, style: Style): Design {
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
