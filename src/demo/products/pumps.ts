/** Pumps on block and slender heels. */
import { mix } from "../colour.ts";
import { type Design, made } from "../design.ts";
import type { Piece } from "../garment.ts";
import { spline } from "../outline.ts";
import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { coloured } from "../textile.ts";
import { dim, pair } from "./footwear.ts";

export function pumps(random: Random, style: Style): Design {
  const named = coloured(random, { ...style, hues: [...style.hues, ...style.accents] }, [
    ["patent leather", "plastic"],
    ["suede", "velvet"],
    ["satin", "silk"],
  ]);
  const heel = random.between(5, 10.5);
  const block = random.chance(0.4);
  const round = random.chance(0.4);
  const bow = random.chance(0.3);
  const strap = random.chance(0.35);
  const m = named.material;
  const pieces = (near: boolean): Piece[] => {
    const all: Piece[] = [
      {
        outline: block
          ? spline([
              [-12.6, -heel - 1.4, 1],
              [-7.4, -heel + 0.8, 1],
              [-8, 0, 1],
              [-12.2, 0, 1],
            ])
          : spline([
              [-12.8, -heel - 1.4, 1],
              [-8, -heel + 1],
              [-10.6, -heel * 0.4],
              [-11, 0, 1],
              [-12.2, 0, 1],
              [-12.4, -heel * 0.5],
            ]),
        material: m,
        light: 0.85,
      },
      {
        outline: spline([
          [-11.6, -heel - 4, 1],
          [-2, -heel * 0.7 - 2.8],
          [6, -4.4, 1],
          [5, -2.4],
          [-8, -heel - 1.4],
        ]),
        material: { kind: "leather", colour: mix("#d9b48c", m.colour, 0.15) },
        flat: true,
        light: 0.8,
      },
      {
        outline: spline([
          [-12.8, -heel - 0.6, 1],
          [-13, -heel - 5.4, 1],
          [-10.6, -heel - 4],
          [-2, -heel * 0.66 - 2.4],
          [4, -4.2],
          [8, -4.6],
          [round ? 13 : 12, -2.6],
          [round ? 14 : 15.8, -0.4, 1],
          [8, 0],
          [3, -0.4],
          [-3, -heel * 0.56],
          [-8, -heel + 0.4],
        ]),
        material: m,
        folds: [],
      },
    ];
    if (strap)
      all.push({
        outline: spline([
          [-11.6, -heel - 5.6, 1],
          [-5, -heel - 7.6],
          [1, -heel * 0.5 - 6],
          [2, -heel * 0.5 - 4.6, 1],
          [-5, -heel - 6.2],
          [-11.6, -heel - 4.4, 1],
        ]),
        material: m,
      });
    if (bow)
      for (const side of [-1, 1])
        all.push({
          outline: spline([
            [7.4, -4.6, 1],
            [7.4 + side * 3.2, -6.8],
            [7.4 + side * 3, -3.4],
          ]),
          material: m,
          light: 1.06,
        });
    return dim(all, near);
  };
  return {
    noun: strap ? "mary-jane pumps" : "pumps",
    ...made(named),
    details: [
      `a ${block ? "block" : "slender"} heel of ${Math.round(heel)} cm`,
      round ? "a round toe" : "a pointed toe",
      ...(bow ? ["a small bow"] : []),
    ],
    price: Math.round(random.between(49, 240)),
    attributes: {
      heel: block ? "block" : "stiletto",
      heel_cm: Math.round(heel),
      toe: round ? "round" : "pointed",
    },
    mount: "table",
    solids: pair(pieces),
  };
}
