import { type Design, made } from "../design.ts";
import type { Material } from "../material.ts";
import type { Random } from "../random.ts";
import { box, leaning, upright } from "../solids/box.ts";
import { rod } from "../solids/rod.ts";
import { soft } from "../solids/soft.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { hue } from "../styles.ts";
import { cloth, UPHOLSTERY, wood } from "../textile.ts";
import { fourLegs } from "./legs.ts";

export function designBed(random: Random, style: Style): Design {
  const kind = random.pick(["upholstered", "panelled", "slatted"] as const);
  const frame =
    kind === "upholstered"
      ? cloth(random, style, { kinds: UPHOLSTERY, repeat: 18, printed: 0 })
      : wood(random, style);
  const legs = wood(random, style);
  const linen: Material = { kind: "weave", colour: hue(random.pick(["white", "ivory", "cream"])).hex };
  const cover = cloth(random, style, { kinds: [["cotton", "weave"]], repeat: 26, printed: style.printed });
  const throwCloth = cloth(
    random,
    { ...style, hues: style.accents },
    {
      kinds: [
        ["knitted wool", "knit"],
        ["wool", "weave"],
      ],
      repeat: 14,
    },
  );
  const [width, depth] = [random.pick([140, 160, 180]), 205];
  const [rail, foot] = [random.between(30, 36), random.between(8, 16)];
  const head = random.between(88, 118);
  const back = -depth / 2;
  const solids: Solid[] = [];
  if (kind === "upholstered") {
    solids.push(
      soft(upright(-width / 2 - 4, rail, depth / 2), [width + 8, rail - foot, depth - 6], frame.material, {
        radius: 3,
      }),
      soft(
        leaning(-width / 2 - 6, foot, back + 4, head - foot, 0.05),
        [width + 12, head - foot, 11],
        frame.material,
        {
          radius: 4.5,
          ...(random.chance(0.5) ? { tufts: [8, 4] as [number, number] } : { seams: [0.2, 0.4, 0.6, 0.8] }),
        },
      ),
    );
  } else {
    solids.push(box(upright(-width / 2 - 4, rail, depth / 2), [width + 8, 16, depth - 4], frame.material));
    if (kind === "panelled")
      solids.push(
        box(upright(-width / 2 - 5, head, back + 2), [width + 10, head - foot, 5], frame.material, 2),
      );
    else {
      for (let index = 0; index <= 12; index++) {
        const x = -width / 2 + (index * width) / 12;
        solids.push(rod([x, rail, back], [x, head - 3, back], 1.3, 1.3, frame.material));
      }
      solids.push(box(upright(-width / 2 - 5, head, back + 2.5), [width + 10, 5, 5], frame.material, 1));
    }
  }
  solids.push(...fourLegs(width * 0.92, depth * 0.88, Math.max(rail - 14, foot + 2), 0, 3, legs.material));
  solids.push(
    soft(upright(-width / 2, rail + 20, depth / 2 - 4), [width, 20, depth - 12], linen, { radius: 6 }),
    soft(upright(-width / 2 - 3, rail + 24, depth / 2 - 2), [width + 6, 24, depth * 0.66], cover.material, {
      radius: 7,
      bulge: 4,
    }),
    soft(upright(-width / 2 - 4, rail + 27, depth / 2 - 16), [width + 8, 24, 46], throwCloth.material, {
      radius: 7,
      bulge: 3,
    }),
  );
  for (const side of [-1, 1]) {
    const span = width * 0.46;
    solids.push(
      soft(
        leaning(side < 0 ? -width / 2 + 3 : width / 2 - span - 3, rail + 22.7, back + 34, 40, 0.25),
        [span, 40, 15],
        linen,
        { radius: 7, bulge: 3 },
      ),
    );
  }
  return {
    noun: `${kind} bed`,
    ...made(frame),
    details: [
      `a ${kind} headboard`,
      `made up in ${cover.colour.name} ${cover.name} with a ${throwCloth.colour.name} throw`,
    ],
    price: Math.round(random.between(390, 1790)),
    attributes: { width_cm: width, bedding_colour: cover.colour.name },
    mount: "floor",
    solids,
  };
}
