import { type Design, made } from "../design.ts";
import { button, flow, garment, type Piece, sleeve, WORN } from "../garment.ts";
import { ellipse, type Node, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { type ClothOptions, cloth } from "../textile.ts";
import { PRINTS } from "./neckline.ts";

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
