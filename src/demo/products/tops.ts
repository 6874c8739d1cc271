/** Tops and shirts. */

import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { button, flow, garment, type Piece, sleeve, WORN } from "../garment.ts";
import type { Material } from "../material.ts";
import { PATTERNS } from "../motif.ts";
import { ellipse, mirrored, type Node, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { type ClothOptions, cloth } from "../textile.ts";

export type Neckline = "crew" | "v-neck" | "boat" | "scoop" | "turtleneck";

/** The right half of a neckline, from the middle outwards. */
export function neckline(neck: Neckline): Node[] {
  switch (neck) {
    case "crew":
      return [
        [0, 5],
        [4.6, 3.4],
        [7.6, -0.6, 1],
      ];
    case "v-neck":
      return [
        [0, 17, 1],
        [7.4, -0.6, 1],
      ];
    case "boat":
      return [
        [0, 3.2],
        [8, 1.8],
        [13, 0.4, 1],
      ];
    case "scoop":
      return [
        [0, 13],
        [6, 10],
        [9.6, -0.2, 1],
      ];
    case "turtleneck":
      return [
        [0, -6.4],
        [5.4, -6.8, 1],
        [6.2, -1, 1],
      ];
  }
}

/** The inside of the back, which shows above the front's neckline. */
export function backNeck(front: readonly Node[], material: Material): Piece {
  const depth = front[0]![1];
  const [x, y] = front.at(-1)!;
  const outline = spline(
    symmetric([
      [0, y + 2.4],
      [x, y, 1],
      [x * 0.92, y + (depth - y) * 0.7],
      [0, depth + 2],
    ]),
  );
  return { outline, material, light: 0.55, flat: true };
}

export const PRINTS = PATTERNS.filter((pattern) => pattern !== "terrazzo" && pattern !== "herringbone");

const TOP_CLOTHS: Record<string, ClothOptions["kinds"]> = {
  "t-shirt": [
    ["cotton", "paper"],
    ["linen", "weave"],
  ],
  jumper: [
    ["wool knit", "knit"],
    ["cashmere knit", "knit"],
  ],
  camisole: [
    ["silk", "silk"],
    ["satin", "silk"],
  ],
  blouse: [
    ["silk", "silk"],
    ["cotton", "weave"],
    ["linen", "weave"],
  ],
  "tank top": [
    ["ribbed cotton", "knit"],
    ["cotton", "paper"],
  ],
  cardigan: [["wool knit", "knit"]],
};

export function designTop(random: Random, style: Style): Design {
  const noun = random.pick([
    "t-shirt",
    "jumper",
    "jumper",
    "blouse",
    "tank top",
    "cardigan",
    "camisole",
  ] as const);
  const named = cloth(random, style, {
    kinds: TOP_CLOTHS[noun]!,
    repeat: 9,
    printed: Math.min(0.7, style.printed + 0.2),
    prints: PRINTS,
  });
  const { material } = named;
  const neck =
    noun === "cardigan"
      ? "v-neck"
      : noun === "camisole"
        ? "scoop"
        : random.pick(
            noun === "jumper"
              ? (["crew", "turtleneck", "v-neck", "boat"] as const)
              : (["crew", "v-neck", "boat", "scoop"] as const),
          );
  const loose = noun === "jumper" || noun === "cardigan" ? random.between(2, 5) : random.between(-1, 3);
  const hem = noun === "camisole" ? 56 : random.between(50, 68);
  const bare = noun === "tank top" || noun === "camisole";
  const [waist, foot] = [16.5 + loose, 18 + loose];
  const right: Node[] = bare
    ? [
        ...neckline("scoop"),
        [noun === "camisole" ? 10.6 : 13, -0.4, 1],
        [13.6, 13],
        [17.6, 24, 1],
        [waist - 1, 42],
        [foot, hem, 1],
        [0, hem + 1],
      ]
    : [
        ...neckline(neck),
        [18.8, 4.4, 1],
        [18.4 + loose * 0.5, 14],
        [18 + loose, 26, 1],
        [waist, 43],
        [foot, hem, 1],
        [0, hem + 1.2],
      ];
  const ribbed = noun === "jumper" || noun === "cardigan";
  const length = bare
    ? 0
    : ribbed
      ? 1
      : noun === "blouse"
        ? random.pick([0.6, 0.98])
        : random.pick([0.3, 0.3, 0.62]);
  const puff = noun === "blouse" ? random.between(1, 4) : 0;
  const cuff = noun === "blouse" && length > 0.9 ? 4 : length > 0.9 ? 4.6 : 7.4 + loose * 0.4;
  const front = bare ? [...neckline("scoop").slice(0, -1), right[2]!] : neckline(neck);
  const pieces: Piece[] = [
    neck === "turtleneck"
      ? { outline: ellipse(0, -5.8, 7.4, 1.6), material, light: 0.5, flat: true }
      : backNeck(front, material),
  ];
  if (!bare) {
    for (const side of [-1, 1] as const) {
      const { outline, cuffLine, fold } = sleeve(side, {
        length,
        shoulder: 9 + loose * 0.5,
        cuff,
        puff,
        out: loose * 0.35,
      });
      pieces.push({
        outline,
        material,
        light: 0.93,
        folds: fold,
        seams: [flow(...cuffLine.map(([x, y]): Node => [x - side * 0.8, y - 3]))],
      });
    }
  }
  const placket = noun === "cardigan" || (noun === "blouse" && random.chance(0.5));
  const colour = hue(random.pick(["ivory", "charcoal", "camel"])).hex;
  pieces.push({
    outline: spline(symmetric(right)),
    material,
    folds: [
      flow([15, 27], [9, 32], [4, 33]),
      flow([-15, 28], [-10, 36], [-6, 38]),
      flow([waist * 0.7, 40], [waist * 0.5, 52], [waist * 0.62, hem]),
      flow([-waist * 0.62, 42], [-waist * 0.44, 52], [-waist * 0.5, hem]),
    ],
    seams: [
      ...(ribbed
        ? [flow([-foot, hem - 5], [0, hem - 4], [foot, hem - 5])]
        : [flow([-foot, hem - 1.6], [0, hem - 0.6], [foot, hem - 1.6])]),
      ...(placket ? [flow([0, 5], [0, hem + 2])] : []),
    ],
    trim: (drawing) => {
      const line = flow(...mirrored(neckline(neck)).reverse(), ...neckline(neck).slice(1));
      if (!bare)
        drawing.stroke({ d: line, points: [] }, shade(material.colour, 0.72), ribbed ? 2.6 : 1.6, 0.55);
      if (placket)
        for (let y = neck === "v-neck" ? 21 : 10; y < hem - 3; y += 8) button(drawing, [1.2, y], 0.9, colour);
      if (ribbed)
        for (let x = -foot; x < foot; x += 1.6)
          drawing.stroke(
            { d: `M${x} ${hem - 4}V${hem + 2}`, points: [] },
            shade(material.colour, 0.5),
            0.35,
            0.4,
          );
    },
  });
  if (noun === "camisole") {
    for (const side of [-1, 1])
      pieces.unshift({
        outline: spline([
          [side * 10, 0.5, 1],
          [side * 10.8, 0.5, 1],
          [side * 9, -7, 1],
          [side * 8.4, -7, 1],
        ]),
        material,
        flat: true,
      });
  }
  return {
    noun,
    ...made(named),
    details: [
      bare
        ? "cut without sleeves"
        : `${neck === "v-neck" ? "a v-neck" : neck === "turtleneck" ? "a turtleneck" : `a ${neck} neck`} and ${length > 0.9 ? "long" : length > 0.5 ? "three-quarter" : "short"} sleeves`,
      ...(placket ? ["buttons down the front"] : []),
    ],
    price: Math.round(random.between(15, 120)),
    attributes: {
      neckline: neck,
      sleeves: bare ? "none" : length > 0.9 ? "long" : length > 0.5 ? "three-quarter" : "short",
    },
    mount: "hanging",
    solids: [garment(WORN, pieces)],
  };
}

export function designShirt(random: Random, style: Style): Design {
  const noun = random.pick(["button-down shirt", "overshirt", "camp shirt", "denim shirt"] as const);
  const kinds: ClothOptions["kinds"] =
    noun === "denim shirt"
      ? [["denim", "denim"]]
      : noun === "overshirt"
        ? [
            ["flannel", "weave"],
            ["corduroy", "velvet"],
          ]
        : [
            ["cotton", "weave"],
            ["linen", "weave"],
            ["poplin", "paper"],
          ];
  const base = cloth(random, style, {
    kinds,
    repeat: 7,
    printed: noun === "overshirt" || noun === "camp shirt" ? 0.75 : style.printed + 0.1,
    prints: noun === "camp shirt" ? PRINTS : ["striped", "checked", "dotted"],
  });
  const named =
    noun === "denim shirt" ? { ...base, colour: hue(random.pick(["denim", "navy", "sky"])) } : base;
  const material = noun === "denim shirt" ? { ...base.material, colour: named.colour.hex } : base.material;
  const short = noun === "camp shirt";
  const loose = random.between(1, 4);
  const hem = random.between(64, 72);
  const curved = !short && random.chance(0.6);
  const pieces: Piece[] = [{ outline: ellipse(0, 0.4, 7.4, 3), material, light: 0.5, flat: true }];
  for (const side of [-1, 1] as const) {
    const { outline, cuffLine, fold } = sleeve(side, {
      length: short ? 0.34 : 1,
      shoulder: 9.4 + loose * 0.4,
      cuff: short ? 9 : 4.6,
      out: loose * 0.3,
    });
    pieces.push({
      outline,
      material,
      light: 0.93,
      folds: fold,
      seams: [flow(...cuffLine.map(([x, y]): Node => [x - side * (short ? 0.4 : 1.4), y - (short ? 2 : 5)]))],
    });
  }
  const right: Node[] = [
    [0, 9, 1],
    [7.2, -0.6, 1],
    [18.8, 4.4, 1],
    [18.6 + loose * 0.5, 14],
    [18 + loose, 26, 1],
    [17 + loose, 44],
    [18.6 + loose, hem - (curved ? 8 : 0), 1],
    ...(curved
      ? ([
          [12, hem - 1],
          [0, hem + 1],
        ] as Node[])
      : ([[0, hem + 0.6]] as Node[])),
  ];
  const buttons = hue(random.pick(["ivory", "white", "charcoal"])).hex;
  const pockets = noun === "overshirt" || noun === "denim shirt" ? 2 : random.integer(0, 1);
  const pocket = (x: number) => `M${x} 22h10v10l-5 3l-5 -3Z`;
  pieces.push({
    outline: spline(symmetric(right)),
    material,
    folds: [
      flow([15, 28], [9, 33], [3, 35]),
      flow([-15, 29], [-10, 37], [-6, 40]),
      flow([12, 44], [8, 56], [10, hem]),
      flow([-11, 46], [-8, 56], [-9, hem]),
    ],
    seams: [
      flow([-2, 8], [-2, hem]),
      flow([2, 8], [2, hem]),
      flow([-18, 9], [-9, 7.5], [-3, 9]),
      flow([18, 9], [9, 7.5], [3, 9]),
      ...Array.from({ length: pockets }, (_, index) => pocket(index ? -14.5 : 4.5)),
    ],
    stitches: Array.from({ length: pockets }, (_, index) => `M${index ? -14 : 5} 24.4h9`),
    trim: (drawing) => {
      for (let y = 13; y < hem - 4; y += 8.4) button(drawing, [0, y], 0.8, buttons);
    },
  });
  const point = short ? 11 : random.between(9, 12);
  for (const side of [-1, 1]) {
    pieces.push({
      outline: spline([
        [side * 0.2, 6.4, 1],
        [side * 6.6, -3.2, 1],
        [side * 10.2, 1.4, 1],
        [side * (short ? 8.6 : 6.4), point, 1],
      ]),
      material,
      light: 1.03,
      flat: true,
      stitches: [flow([side * 1, 6.4], [side * (short ? 8.2 : 6.2), point - 1], [side * 9.4, 1.4])],
    });
  }
  return {
    noun,
    ...made({ ...named, material }),
    details: [
      short ? "short sleeves and an open camp collar" : "long sleeves with buttoned cuffs",
      ...(pockets ? [pockets === 2 ? "two chest pockets" : "a chest pocket"] : []),
      ...(curved ? ["a curved hem"] : []),
    ],
    price: Math.round(random.between(29, 140)),
    attributes: { sleeves: short ? "short" : "long", collar: short ? "camp" : "button-down", pockets },
    mount: "hanging",
    solids: [garment(WORN, pieces)],
  };
}
