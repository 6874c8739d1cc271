import { type Design, made } from "../design.ts";
import { ellipse, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { leaning, upright } from "../solids/box.ts";
import { rod } from "../solids/rod.ts";
import { horizontal, slab } from "../solids/slab.ts";
import { soft } from "../solids/soft.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { cloth, metal, UPHOLSTERY, wood } from "../textile.ts";
import { fourLegs } from "./legs.ts";

export function designArmchair(random: Random, style: Style): Design {
  return random.pick([club, wing, lounge, tub])(random, style);
}

function club(random: Random, style: Style): Design {
  const cover = cloth(random, style, { kinds: UPHOLSTERY, repeat: 18 });
  const legs = random.chance(0.75) ? wood(random, style) : metal(random, style);
  const [width, depth, seat, arm] = [random.between(74, 92), 78, 42, random.between(12, 20)];
  const [foot, back, armTop] = [random.between(8, 18), random.between(72, 88), random.between(54, 64)];
  const round = random.pick([4, 6, 9]);
  const inner = width - 2 * arm;
  const tufts: [number, number] | undefined =
    cover.material.kind === "leather" || random.chance(0.3) ? [4, 3] : undefined;
  const solids: Solid[] = [
    soft(
      upright(-inner / 2, seat - 12, depth / 2 - 1),
      [inner, seat - 12 - foot, depth - 8],
      cover.material,
      { radius: 3 },
    ),
    soft(upright(-inner / 2 + 0.6, seat, depth / 2 + 1), [inner - 1.2, 13, depth - 20], cover.material, {
      radius: 4.5,
      bulge: 4,
    }),
    soft(
      leaning(-width / 2 + arm * 0.5, seat - 10, -depth / 2 + 20, back - seat + 10, 0.15),
      [width - arm, back - seat + 10, 16],
      cover.material,
      { radius: round, ...(tufts ? { tufts } : {}) },
    ),
  ];
  for (const side of [-1, 1]) {
    solids.push(
      soft(
        upright(side < 0 ? -width / 2 : width / 2 - arm, armTop, depth / 2 - 2),
        [arm, armTop - foot, depth - 6],
        cover.material,
        { radius: Math.min(round, arm / 2 - 0.5) },
      ),
    );
  }
  solids.push(...fourLegs(width * 0.78, depth * 0.76, foot + 2, 2, 2.2, legs.material));
  return {
    noun: "club chair",
    ...made(cover),
    details: [
      `a deep seat between ${arm > 16 ? "broad" : "slim"} arms`,
      ...(tufts ? ["a buttoned back"] : []),
      `feet of ${legs.name}`,
    ],
    price: Math.round(random.between(349, 990)),
    attributes: { width_cm: Math.round(width), leg_material: legs.name },
    mount: "floor",
    solids,
  };
}

function wing(random: Random, style: Style): Design {
  const cover = cloth(random, style, { kinds: UPHOLSTERY, repeat: 16 });
  const legs = wood(random, style);
  const [width, depth, seat, back] = [random.between(70, 80), 76, 44, random.between(98, 114)];
  const inner = width - 18;
  const side = spline([
    [0, 0, 1],
    [26, -4],
    [34, 12],
    [30, 34],
    [44, back - 62],
    [56, back - 58],
    [58, back - 44],
    [56, back - 22, 1],
    [0, back - 22, 1],
  ]);
  const solids: Solid[] = [
    soft(upright(-inner / 2, seat - 10, depth / 2 - 2), [inner, 14, depth - 12], cover.material, {
      radius: 3,
    }),
    soft(upright(-inner / 2, seat + 2, depth / 2), [inner, 13, depth - 20], cover.material, {
      radius: 4.5,
      bulge: 4,
    }),
    soft(
      leaning(-width / 2 + 4, seat - 8, -depth / 2 + 20, back - seat + 8, 0.13),
      [width - 8, back - seat + 8, 12],
      cover.material,
      { radius: 6, ...(random.chance(0.6) ? { tufts: [4, 5] as [number, number] } : {}) },
    ),
  ];
  for (const right of [-1, 1]) {
    const frame = {
      origin: [right < 0 ? -width / 2 + 9 : width / 2, back, -depth / 2 + 6] as const,
      u: [0, 0, 1] as const,
      v: [0, -1, 0] as const,
      normal: [1, 0, 0] as const,
    };
    solids.push(slab(frame, side, 9, cover.material));
  }
  solids.push(...fourLegs(width * 0.76, depth * 0.72, 22, 2, 2.1, legs.material));
  return {
    noun: "wing chair",
    ...made(cover),
    details: ["a high back with wings that keep the draught out", `tapered ${legs.name} legs`],
    price: Math.round(random.between(449, 1290)),
    attributes: { width_cm: Math.round(width), height_cm: Math.round(back), leg_material: legs.name },
    mount: "floor",
    solids,
  };
}

function lounge(random: Random, style: Style): Design {
  const cover = cloth(random, style, { kinds: UPHOLSTERY, repeat: 16 });
  const frame = wood(random, style);
  const [width, depth, seat, rise] = [random.between(66, 76), 74, 38, random.between(42, 54)];
  const inner = width - 10;
  const lean = random.between(0.26, 0.4);
  const solids: Solid[] = [
    soft(upright(-inner / 2, seat + 4, depth / 2 - 4), [inner, 12, depth - 22], cover.material, {
      radius: 4,
      bulge: 3,
    }),
    soft(leaning(-inner / 2, seat - 2, -depth / 2 + 22, rise, lean), [inner, rise, 11], cover.material, {
      radius: 4.5,
      seams: random.chance(0.5) ? [0.25, 0.5, 0.75] : [],
    }),
  ];
  for (const side of [-1, 1]) {
    const x = (side * (width - 4)) / 2;
    solids.push(
      rod([x, 0, depth / 2 + 2], [x, 56, depth / 2 - 6], 1.5, 2, frame.material),
      rod([x, 0, -depth / 2 - 4], [x, 54, -depth / 2 + 8], 1.5, 2, frame.material),
      rod([x, 26, depth / 2 - 2], [x, 24, -depth / 2 + 2], 1.8, 1.8, frame.material),
      slab(
        horizontal(x, 58, 0),
        spline([
          [-3, -depth / 2 + 4],
          [2.6, -depth / 2 + 4],
          [4, depth * 0.2],
          [3, depth / 2 - 1],
          [-3, depth / 2 - 1],
          [-4, depth * 0.2],
        ]),
        3,
        frame.material,
      ),
    );
  }
  solids.push(
    rod([-width / 2 + 2, 25, depth / 2 - 3], [width / 2 - 2, 25, depth / 2 - 3], 1.8, 1.8, frame.material),
  );
  return {
    noun: "lounge chair",
    ...made(cover),
    details: [`an open frame of ${frame.name} with sculpted armrests`, "loose cushions on seat and back"],
    price: Math.round(random.between(299, 890)),
    attributes: { width_cm: Math.round(width), frame: frame.name },
    mount: "floor",
    solids,
  };
}

function tub(random: Random, style: Style): Design {
  const cover = cloth(random, style, {
    kinds: UPHOLSTERY.filter(([, kind]) => kind !== "weave"),
    repeat: 16,
  });
  const legs = random.chance(0.5) ? metal(random, style) : wood(random, style);
  const [radius, wall, foot, armTop] = [
    random.between(36, 42),
    random.between(9, 12),
    random.between(6, 16),
    random.between(62, 74),
  ];
  const arc = (from: number, to: number) => {
    const at = (r: number, angle: number) => [r * Math.cos(angle), r * Math.sin(angle)] as const;
    const steps = Array.from({ length: 9 }, (_, index) => from + ((to - from) * index) / 8);
    const node = (r: number) => (angle: number, index: number) =>
      [...at(r, angle), index === 0 || index === 8 ? 1 : 0] as const;
    return spline([...steps.map(node(radius)), ...steps.map(node(radius - wall)).reverse()]);
  };
  const height = armTop - foot;
  const solids: Solid[] = [
    slab(horizontal(0, armTop, 0), arc(-Math.PI * 0.86, -Math.PI * 0.14), height, cover.material),
    slab(horizontal(0, armTop - 0.3, 0), arc(-Math.PI * 0.14, Math.PI * 0.2), height, cover.material),
    slab(horizontal(0, armTop - 0.3, 0), arc(Math.PI * 0.8, Math.PI * 1.14), height, cover.material),
    slab(horizontal(0, 31, 1), ellipse(0, 0, radius - wall + 2), 31 - foot, cover.material),
    soft(
      upright(-radius + wall + 1, 44, radius - 2),
      [2 * (radius - wall) - 2, 14, 2 * radius - wall - 8],
      cover.material,
      { radius: 6.5, bulge: 3 },
    ),
    ...fourLegs(radius, radius, foot + 2, 3, 1.7, legs.material),
  ];
  return {
    noun: "tub chair",
    ...made(cover),
    details: ["back and arms in one round sweep", `short ${legs.name} legs`],
    price: Math.round(random.between(279, 790)),
    attributes: { width_cm: Math.round(radius * 2), leg_material: legs.name },
    mount: "floor",
    solids,
  };
}
