/** Spindle and ladder-back chairs. */
import { type Design, made } from "../design.ts";
import { spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { box, leaning, upright } from "../solids/box.ts";
import { rod } from "../solids/rod.ts";
import { horizontal, slab } from "../solids/slab.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { coloured, wood } from "../textile.ts";
import { fourLegs } from "./legs.ts";

export function spindle(random: Random, style: Style): Design {
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

export function ladder(random: Random, style: Style): Design {
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
