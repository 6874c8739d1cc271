import { type Design, made } from "../design.ts";
import type { Random } from "../random.ts";
import { box, leaning, upright } from "../solids/box.ts";
import { soft } from "../solids/soft.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { cloth, metal, type Named, UPHOLSTERY, wood } from "../textile.ts";
import { fourLegs } from "./legs.ts";

export function designSofa(random: Random, style: Style): Design {
  const cover = cloth(random, style, { kinds: UPHOLSTERY, repeat: 26, printed: style.printed * 0.4 });
  const legs = random.chance(0.7) ? wood(random, style) : metal(random, style);
  const seats = random.integer(2, 3);
  const arm = random.pick([9, 14, 20]);
  const inner = seats * random.between(62, 74);
  const width = inner + 2 * arm;
  const [depth, seat, foot] = [random.between(84, 94), random.between(40, 45), random.pick([5, 13, 18])];
  const [back, armTop] = [random.between(72, 92), random.between(54, 66)];
  const round = random.pick([3, 6, 10]);
  const chaise = seats === 3 && random.chance(0.35);
  const plinth = foot <= 5;
  const one = random.chance(0.3);
  const cushions = one ? 1 : seats;
  const each = inner / cushions;
  const tufts: [number, number] | undefined =
    !one || cover.pattern !== "plain" ? undefined : random.chance(0.6) ? [seats * 4, 3] : undefined;
  const solids: Solid[] = [
    soft(
      upright(-inner / 2 - 1, seat - 12, depth / 2 - 1),
      [inner + 2, seat - 12 - foot, depth - 10],
      cover.material,
      { radius: 3 },
    ),
    soft(
      leaning(-width / 2 + arm * 0.4, foot, -depth / 2 + 22, back - foot - 5, 0.06),
      [width - arm * 0.8, back - foot - 5, 14],
      cover.material,
      { radius: Math.min(round, 6.5) },
    ),
  ];
  for (let index = 0; index < cushions; index++) {
    const x = -inner / 2 + index * each;
    const long = chaise && index === cushions - 1 ? 52 : 0;
    solids.push(
      soft(
        upright(x + 0.4, seat, depth / 2 + 1 + long),
        [each - 0.8, 13, depth - 22 + long],
        cover.material,
        { radius: 4.4, bulge: 3.5 },
      ),
    );
    if (long)
      solids.push(
        soft(upright(x, seat - 12, depth / 2 - 1 + long), [each, seat - 12 - foot, long], cover.material, {
          radius: 3,
        }),
      );
    solids.push(
      soft(
        leaning(x + 0.5, seat - 3, -depth / 2 + 36, back - seat + 3, 0.2),
        [each - 1, back - seat + 3, 14],
        cover.material,
        {
          radius: 6,
          bulge: 2,
          ...(tufts ? { tufts } : {}),
        },
      ),
    );
  }
  for (const side of [-1, 1]) {
    solids.push(
      soft(
        upright(side < 0 ? -width / 2 : width / 2 - arm, armTop, depth / 2 - 1),
        [arm, armTop - foot, depth - 4],
        cover.material,
        { radius: Math.min(round, arm / 2 - 0.4) },
      ),
    );
  }
  if (plinth)
    solids.push(
      box(upright(-width / 2 + 4, foot, depth / 2 - 6), [width - 8, foot, depth - 14], legs.material),
    );
  else solids.push(...fourLegs(width * 0.86, depth * 0.74, foot + 2, 2.5, 2.2, legs.material));
  const scatter = random.integer(0, 2);
  const pillows = Array.from({ length: scatter }, (_, index) =>
    scatterCushion(random, style, index === 0 ? -inner / 2 + 3 : inner / 2 - 43, seat, -depth / 2 + 52),
  );
  solids.push(...pillows.map(({ solid }) => solid));
  return {
    noun: chaise ? "chaise sofa" : `${seats === 2 ? "two" : "three"}-seat sofa`,
    ...made(cover),
    details: [
      `${cushions === 1 ? "one long seat cushion" : `${cushions} seat cushions`} between ${arm < 12 ? "slim" : arm > 16 ? "generous" : "straight"} arms`,
      ...(tufts ? ["a buttoned back"] : []),
      plinth ? `a plinth of ${legs.name}` : `raised on ${legs.name} legs`,
    ],
    price: Math.round(random.between(590, 2490)),
    attributes: { seats, width_cm: Math.round(width), leg_material: legs.name },
    mount: "floor",
    solids,
  };
}

/** A loose cushion that leans against a back. */
function scatterCushion(
  random: Random,
  style: Style,
  x: number,
  seat: number,
  front: number,
): { solid: Solid; cover: Named } {
  const cover = cloth(
    random,
    { ...style, hues: style.accents },
    {
      kinds: [
        ["linen", "weave"],
        ["velvet", "velvet"],
      ],
      repeat: 9,
      printed: 0.5,
    },
  );
  const size = random.between(34, 42);
  return {
    solid: soft(leaning(x, seat + 1, front, size, 0.34), [size, size, 12], cover.material, {
      radius: 5.8,
      bulge: 1,
    }),
    cover,
  };
}
