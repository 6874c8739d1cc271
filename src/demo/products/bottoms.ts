/** Trousers, skirts and shorts. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { BODY, button, flow, garment, type Piece, WORN } from "../garment.ts";
import type { Material } from "../material.ts";
import { mirrored, type Node, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { type ClothOptions, cloth, type Named } from "../textile.ts";
import { PRINTS } from "./tops.ts";

const TOP = BODY.waist - 1;

function waistband(material: Material, half = 15.4): Piece {
  return {
    outline: spline(
      symmetric([
        [0, TOP],
        [half, TOP - 1, 1],
        [half + 0.6, TOP + 3.6, 1],
        [0, TOP + 4.8],
      ]),
    ),
    material,
    light: 1.02,
    trim: (drawing) => button(drawing, [0.4, TOP + 2.4], 0.9, shade(material.colour, 0.5)),
  };
}

function legwear(
  named: Named,
  hem: number,
  knee: number,
  foot: number,
  details: { jeans: boolean; cargo: boolean; crease: boolean; cuffed: boolean },
): Piece[] {
  const { material } = named;
  const leg: Node[] = [
    [0, TOP + 2, 1],
    [15.6, TOP + 2, 1],
    [19.4, BODY.hip - 4],
    [19.6, BODY.crotch],
  ];
  if (hem > BODY.knee + 8) leg.push([10 + knee, BODY.knee]);
  leg.push([10.5 + foot, hem, 1], [10.5 - foot, hem + 0.8, 1]);
  if (hem > BODY.knee + 8) leg.push([9.4 - knee * 0.92, BODY.knee]);
  leg.push([0.6, BODY.crotch + 3], [0, BODY.crotch, 1]);
  const piece = (side: 1 | -1): Piece => {
    const place = (...nodes: Node[]) => flow(...(side > 0 ? nodes : mirrored(nodes)));
    const folds = [
      place([1, BODY.crotch + 1], [7, BODY.crotch + 3], [13, BODY.crotch - 1]),
      place([2, BODY.crotch + 4], [6, BODY.crotch + 9], [10, BODY.crotch + 9]),
    ];
    if (details.crease) folds.push(place([10.4, TOP + 8], [10.4, BODY.knee], [10.5, hem]));
    else if (hem > BODY.knee)
      folds.push(
        place([10 + knee * 0.8, BODY.knee - 6], [9, BODY.knee - 1], [10 - knee * 0.5, BODY.knee - 4]),
        place([12, BODY.knee + 12], [10.6, hem - 18], [11 + foot * 0.4, hem]),
      );
    const seams = [place([9.6, TOP + 4], [13, TOP + 12], [17.6, TOP + 13])];
    if (details.cuffed) seams.push(place([10.5 - foot - 2, hem - 4.4], [10.5 + foot + 2, hem - 5]));
    if (details.cargo) seams.push(side > 0 ? `M12 82h9v15h-9ZM12 86h9` : `M-12 82h-9v15h9ZM-12 86h-9`);
    return {
      outline: spline(side > 0 ? leg : mirrored(leg)),
      material,
      folds,
      seams,
      stitches: details.jeans
        ? [
            place([9, TOP + 4.6], [12.4, TOP + 13], [17.6, TOP + 14.2]),
            place([17.8, TOP + 5], [18.4, BODY.crotch], [10 + knee - 0.9, BODY.knee], [9.6 + foot, hem]),
          ]
        : [],
      foldWidth: 1.2,
    };
  };
  return [piece(-1), piece(1), waistband(material)];
}

export function designTrousers(random: Random, style: Style): Design {
  const form = random.pick([
    "wide-leg trousers",
    "tapered trousers",
    "flared trousers",
    "straight jeans",
    "skinny jeans",
    "cargo trousers",
    "pleated trousers",
  ] as const);
  const jeans = form.includes("jeans");
  const kinds: ClothOptions["kinds"] = jeans
    ? [["denim", "denim"]]
    : form === "cargo trousers"
      ? [["cotton twill", "weave"]]
      : [
          ["wool", "weave"],
          ["linen", "weave"],
          ["corduroy", "velvet"],
          ["crêpe", "silk"],
        ];
  const base = cloth(random, style, {
    kinds,
    repeat: 7,
    printed: jeans ? 0 : style.printed * 0.5,
    prints: ["striped", "checked", "herringbone"],
  });
  const colour = jeans ? hue(random.pick(["denim", "sky", "navy", "black", "grey", "white"])) : base.colour;
  const named: Named = { ...base, colour, material: { ...base.material, colour: colour.hex } };
  const shape = {
    "wide-leg trousers": [11, 14],
    "tapered trousers": [8.4, 5.8],
    "flared trousers": [7.6, 13],
    "straight jeans": [8.6, 8.6],
    "skinny jeans": [7, 4.8],
    "cargo trousers": [10, 8.6],
    "pleated trousers": [10, 8],
  }[form] as [number, number];
  const hem = random.pick(form === "tapered trousers" || form === "skinny jeans" ? [138, 146] : [146, 151]);
  const details = {
    jeans,
    cargo: form === "cargo trousers",
    crease: form === "pleated trousers" || form === "wide-leg trousers",
    cuffed: random.chance(0.3),
  };
  return {
    noun: form,
    ...made(named),
    details: [
      `a ${shape[1] > 11 ? "sweeping" : shape[1] < 6 ? "narrow" : "straight"} hem ${hem < 140 ? "above" : "at"} the ankle`,
      ...(details.cuffed ? ["turned-up cuffs"] : []),
      ...(details.crease ? ["a pressed crease"] : []),
    ],
    price: Math.round(random.between(39, 180)),
    attributes: { rise: "high", leg: shape[1] > 11 ? "wide" : shape[1] < 6 ? "narrow" : "straight" },
    mount: "hanging",
    solids: [garment(WORN, legwear(named, hem, shape[0], shape[1], details))],
  };
}

export function designShorts(random: Random, style: Style): Design {
  const form = random.pick(["denim shorts", "tailored shorts", "bermuda shorts", "running shorts"] as const);
  const jeans = form === "denim shorts";
  const base = cloth(random, style, {
    kinds: jeans
      ? [["denim", "denim"]]
      : form === "running shorts"
        ? [["nylon", "silk"]]
        : [
            ["linen", "weave"],
            ["cotton", "weave"],
          ],
    repeat: 8,
    printed: jeans ? 0 : style.printed + 0.15,
    prints: PRINTS,
  });
  const colour = jeans ? hue(random.pick(["denim", "sky", "navy", "white", "black"])) : base.colour;
  const named: Named = { ...base, colour, material: { ...base.material, colour: colour.hex } };
  const hem = form === "bermuda shorts" ? 102 : form === "running shorts" ? 80 : random.between(82, 92);
  const foot = form === "bermuda shorts" ? 10 : random.between(9.6, 11.4);
  return {
    noun: form,
    ...made(named),
    details: [
      hem > 98 ? "cut to the knee" : "cut above the knee",
      form === "running shorts" ? "light and quick to dry" : "side pockets",
    ],
    price: Math.round(random.between(19, 79)),
    attributes: { length: hem > 98 ? "knee" : "short" },
    mount: "hanging",
    solids: [
      garment(
        WORN,
        legwear(named, hem, 10, foot, {
          jeans,
          cargo: false,
          crease: form === "tailored shorts",
          cuffed: form !== "running shorts" && random.chance(0.5),
        }),
      ),
    ],
  };
}

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
