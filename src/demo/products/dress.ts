import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { BODY, flow, garment, type Piece, sleeve, WORN } from "../garment.ts";
import { ellipse, type Node, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { cloth } from "../textile.ts";
import { backNeck, neckline, PRINTS } from "./neckline.ts";

const LENGTHS = { mini: 92, midi: 120, maxi: 148 } as const;

export function designDress(random: Random, style: Style): Design {
  const form = random.pick(["slip", "wrap", "skater", "shift", "tiered", "column", "shirt-waist"] as const);
  const kinds =
    form === "slip" || form === "column"
      ? ([
          ["silk", "silk"],
          ["satin", "silk"],
          ["velvet", "velvet"],
        ] as const)
      : ([
          ["cotton", "weave"],
          ["linen", "weave"],
          ["crêpe", "silk"],
          ["viscose", "paper"],
        ] as const);
  const named = cloth(random, style, {
    kinds,
    repeat: 11,
    printed: Math.min(0.75, style.printed + 0.25),
    prints: PRINTS,
  });
  const { material } = named;
  const size = random.pick(
    form === "skater" ? (["mini", "midi"] as const) : (["mini", "midi", "maxi"] as const),
  );
  const hem = LENGTHS[size];
  const neck =
    form === "wrap"
      ? "v-neck"
      : form === "slip"
        ? "scoop"
        : random.pick(["crew", "v-neck", "boat", "scoop"] as const);
  const arms = form === "slip" ? "straps" : random.pick(["none", "short", "long", "puffed"] as const);
  const flare =
    { slip: 24, wrap: 33, skater: 40, shift: 25, tiered: 42, column: 20, "shirt-waist": 36 }[form] *
    (size === "mini" ? 0.86 : 1);
  const waist = form === "shift" ? 19 : form === "column" || form === "slip" ? 16.4 : 14.4;
  const bare = arms === "none" || arms === "straps";
  const shoulder: Node[] =
    arms === "straps"
      ? [
          [0, 14],
          [6, 12],
          [9.6, 8, 1],
          [13, 15],
          [17, 24, 1],
        ]
      : bare
        ? [...neckline(neck), [14.6, 2, 1], [14.4, 13], [17.4, 24, 1]]
        : [...neckline(neck), [18.8, 4.4, 1], [18.4, 14], [17.6, 26, 1]];
  const right: Node[] = [
    ...shoulder,
    [waist, BODY.waist],
    [waist + (flare - waist) * (form === "skater" ? 0.55 : 0.36), BODY.hip],
    [flare, hem, 1],
    [flare * 0.5, hem + 2.4],
    [0, hem + 1],
  ];
  const pieces: Piece[] = [];
  if (arms !== "straps") pieces.push(backNeck(neckline(neck), material));
  else
    for (const side of [-1, 1])
      pieces.push({
        outline: spline([
          [side * 9, 10, 1],
          [side * 10, 10, 1],
          [side * 8.4, -3, 1],
          [side * 7.6, -3, 1],
        ]),
        material,
        flat: true,
      });
  if (!bare) {
    for (const side of [-1, 1] as const) {
      const { outline, fold } = sleeve(side, {
        length: arms === "long" ? 1 : 0.32,
        shoulder: 9,
        cuff: arms === "long" ? 5 : arms === "puffed" ? 6.4 : 8,
        puff: arms === "puffed" ? 3.4 : arms === "long" ? 1 : 0,
      });
      pieces.push({ outline, material, light: 0.92, folds: fold });
    }
  }
  const pleats = form === "shift" || form === "column" ? 3 : form === "skater" || form === "tiered" ? 9 : 6;
  const folds: string[] = [];
  for (let index = 0; index < pleats; index++) {
    const part = (index / (pleats - 1)) * 2 - 1;
    const start = BODY.waist + (form === "shift" ? 18 : 3) + random.between(0, 8);
    folds.push(
      flow(
        [waist * part * 0.8, start],
        [waist * part * 1.05 + random.between(-1, 1), (start + hem) / 2 - 6],
        [flare * part * 0.86, hem + 2],
      ),
    );
  }
  const tiers =
    form === "tiered"
      ? [BODY.waist, BODY.waist + (hem - BODY.waist) * 0.36, BODY.waist + (hem - BODY.waist) * 0.68]
      : [];
  const seams = tiers.map((y) => flow([-44, y], [0, y + 2], [44, y]));
  if (form === "wrap")
    seams.push(flow([7.4, -0.6], [1, 16], [-11, 40]), flow([-8, 42], [4, 80], [10, hem + 2]));
  if (form === "skater" || form === "shirt-waist")
    seams.push(flow([-waist - 1, BODY.waist], [0, BODY.waist + 1.4], [waist + 1, BODY.waist]));
  if (form === "shirt-waist") seams.push(flow([0, 5], [0, hem]));
  const belted = form === "wrap" || form === "shirt-waist" || (form === "skater" && random.chance(0.4));
  const belt = random.chance(0.5) ? shade(material.colour, 0.7) : hue(random.pick(style.accents)).hex;
  pieces.push({
    outline: spline(symmetric(right)),
    material,
    folds,
    foldWidth: form === "skater" || form === "tiered" ? 1.6 : 1.3,
    seams,
    trim: (drawing) => {
      if (form === "shirt-waist")
        for (let y = 10; y < hem - 8; y += 9)
          drawing.add(
            `<circle cx="0" cy="${y}" r=".9" fill="${shade(material.colour, 1.5)}" stroke="${shade(material.colour, 0.4)}" stroke-width=".3"/>`,
          );
      for (const y of tiers.slice(1))
        drawing.soften(flow([-44, y + 1.4], [0, y + 3.4], [44, y + 1.4]), "#1a1626", 0.24, 2, 4);
    },
  });
  if (belted) {
    pieces.push({
      outline: spline(
        symmetric([
          [0, BODY.waist - 1],
          [waist + 0.5, BODY.waist - 2.2, 1],
          [waist + 0.5, BODY.waist + 1.6, 1],
          [0, BODY.waist + 3],
        ]),
      ),
      material: { kind: "silk", colour: belt },
    });
    if (form === "wrap") {
      pieces.push({
        outline: spline([
          [-9, BODY.waist + 1, 1],
          [-6.6, BODY.waist + 1, 1],
          [-6, BODY.waist + 22, 1],
          [-9.4, BODY.waist + 23, 1],
        ]),
        material: { kind: "silk", colour: belt },
        light: 0.94,
      });
      pieces.push({
        outline: ellipse(-8, BODY.waist + 0.8, 2, 2.4),
        material: { kind: "silk", colour: belt },
      });
    }
  }
  return {
    noun: `${form} dress`,
    ...made(named),
    details: [
      `${size} length`,
      arms === "straps"
        ? "fine straps"
        : bare
          ? "sleeveless"
          : `${arms === "puffed" ? "short puffed" : arms} sleeves`,
      ...(belted ? ["a tied waist"] : []),
    ],
    price: Math.round(random.between(39, 290)),
    attributes: {
      length: size,
      sleeves: bare ? "none" : arms,
      neckline: arms === "straps" ? "straps" : neck,
      form,
    },
    mount: "hanging",
    solids: [garment(WORN, pieces)],
  };
}
