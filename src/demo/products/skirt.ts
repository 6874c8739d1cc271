import { type Design, made } from "../design.ts";
import { BODY, flow, garment, type Piece, WORN } from "../garment.ts";
import { spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { type ClothOptions, cloth, type Named } from "../textile.ts";
import { TOP, waistband } from "./legwear.ts";
import { PRINTS } from "./neckline.ts";

export function designSkirt(random: Random, style: Style): Design {
  const form = random.pick(["pleated", "a-line", "pencil", "slip", "tiered", "denim"] as const);
  const kinds: ClothOptions["kinds"] =
    form === "denim"
      ? [["denim", "denim"]]
      : form === "slip"
        ? [
            ["satin", "silk"],
            ["silk", "silk"],
          ]
        : [
            ["wool", "weave"],
            ["cotton", "weave"],
            ["crêpe", "silk"],
            ["leather", "leather"],
          ];
  const base = cloth(random, style, {
    kinds: form === "tiered" || form === "pleated" ? kinds.filter(([, kind]) => kind !== "leather") : kinds,
    repeat: 9,
    printed: style.printed + 0.2,
    prints: PRINTS,
  });
  const colour = form === "denim" ? hue(random.pick(["denim", "sky", "navy", "black"])) : base.colour;
  const named: Named = { ...base, colour, material: { ...base.material, colour: colour.hex } };
  const { material } = named;
  const size = random.pick(
    form === "pencil" || form === "slip"
      ? (["knee", "midi"] as const)
      : form === "denim"
        ? (["mini", "knee"] as const)
        : (["mini", "midi", "maxi"] as const),
  );
  const hem = { mini: 86, knee: 102, midi: 122, maxi: 146 }[size];
  const flare =
    { pleated: 34, "a-line": 30, pencil: 17, slip: 23, tiered: 38, denim: 23 }[form] *
    (size === "mini" ? 0.84 : 1);
  const count = form === "pleated" ? 13 : form === "pencil" || form === "denim" ? 2 : 7;
  const lines = Array.from({ length: count }, (_, index): string => {
    const part = (index / (count - 1)) * 2 - 1;
    return flow(
      [part * 13.6, TOP + (form === "pleated" ? 4 : 9)],
      [part * (17 + (flare - 17) * 0.3), BODY.hip],
      [part * flare * 0.92, hem + 2],
    );
  });
  const tiers = form === "tiered" ? [0.36, 0.68].map((part) => TOP + (hem - TOP) * part) : [];
  const outline = spline(
    symmetric([
      [0, TOP + 2, 1],
      [15.4, TOP + 2, 1],
      [form === "pencil" ? 19.6 : 18 + (flare - 18) * 0.36, BODY.hip],
      [flare, hem, 1],
      [flare * 0.5, hem + 2.2],
      [0, hem + 1.4],
    ]),
  );
  const body: Piece = {
    outline,
    material,
    folds: lines,
    foldWidth: form === "pleated" ? 1.3 : 1.5,
    seams: [
      ...(form === "pleated" ? lines : []),
      ...tiers.map((y) => flow([-44, y], [0, y + 2], [44, y])),
      ...(form === "denim" ? [flow([0, TOP + 4], [0, hem]), "M-14 48q1 9 -4 12", "M14 48q-1 9 4 12"] : []),
    ],
    stitches:
      form === "denim"
        ? [flow([-flare, hem - 2], [0, hem - 0.4], [flare, hem - 2]), flow([1, TOP + 4], [1, hem])]
        : [],
  };
  return {
    noun: `${form} skirt`,
    ...made(named),
    details: [
      `${size} length`,
      form === "pleated"
        ? "knife pleats all round"
        : form === "tiered"
          ? "three gathered tiers"
          : "a fitted waistband",
    ],
    price: Math.round(random.between(29, 150)),
    attributes: { length: size, form },
    mount: "hanging",
    solids: [garment(WORN, [body, waistband(material)])],
  };
}
