/** Sandals and ballet flats. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { flow, type Piece } from "../garment.ts";
import type { Material } from "../material.ts";
import { ellipse, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { cloth, coloured, type Named } from "../textile.ts";
import { dim, pair } from "./footwear.ts";

export function sandals(random: Random, style: Style): Design {
  const named = coloured(
    random,
    style,
    [
      ["leather", "leather"],
      ["suede", "velvet"],
    ],
    0.5,
  );
  const thick = random.between(1.4, 5);
  const m = named.material;
  const cork: Material = { kind: "leather", colour: "#c79a68" };
  const bands = random.integer(2, 3);
  const pieces = (near: boolean): Piece[] => {
    const all: Piece[] = [
      {
        outline: spline([
          [-13.2, -thick - 1, 1],
          [-13, 0, 1],
          [8, 0],
          [14.4, -thick * 0.5],
          [14, -thick - 0.4],
          [4, -thick - 0.2],
          [-5, -thick - 1.6],
        ]),
        material: cork,
        stitches: [flow([-12.8, -thick * 0.5], [0, -thick * 0.45], [13.6, -thick * 0.6])],
      },
    ];
    for (let band = 0; band < bands; band++) {
      const x = 8.6 - band * 5.4;
      const lift = 4 + band * 1.2;
      all.push({
        outline: spline([
          [x + 2, -thick + 0.2, 1],
          [x + 1, -thick - lift],
          [x - 2.4, -thick - lift - 0.8, 1],
          [x - 4.6, -thick - lift + 0.4, 1],
          [x - 2.6, -thick + 0.2, 1],
        ]),
        material: m,
      });
    }
    all.push({
      outline: spline([
        [-12.6, -thick - 1, 1],
        [-13, -thick - 8.4, 1],
        [-4, -thick - 9.8],
        [-1.4, -thick - 7.8, 1],
        [-3, -thick - 7.4],
        [-10.8, -thick - 6.6],
        [-10.4, -thick - 1, 1],
      ]),
      material: m,
      trim: (drawing) =>
        drawing.add(
          `<rect x="-6" y="${-thick - 9.4}" width="2" height="2" rx=".4" fill="none" stroke="#c9a353" stroke-width=".5"/>`,
        ),
    });
    return dim(all, near);
  };
  return {
    noun: "sandals",
    ...made(named),
    details: [`${bands} straps over a ${thick > 3 ? "platform" : "flat"} cork sole`, "a buckle at the ankle"],
    price: Math.round(random.between(29, 120)),
    attributes: { heel: thick > 3 ? "platform" : "flat", closure: "buckle" },
    mount: "table",
    solids: pair(pieces),
  };
}

export function flats(random: Random, style: Style): Design {
  const named: Named = cloth(random, style, {
    kinds: [
      ["leather", "leather"],
      ["suede", "velvet"],
      ["printed canvas", "weave"],
    ],
    repeat: 4,
    printed: 0.9,
    prints: ["floral", "dotted", "checked"],
  });
  const m = named.material;
  const bow = hue(random.pick(style.accents)).hex;
  const pieces = (near: boolean): Piece[] =>
    dim(
      [
        {
          outline: spline([
            [-11.6, -5.4, 1],
            [0, -4.6],
            [6.4, -3.6, 1],
            [0, -1.6],
            [-11, -2],
          ]),
          material: { kind: "leather", colour: "#dcbc95" },
          flat: true,
          light: 0.8,
        },
        {
          outline: spline([
            [-12.8, -1, 1],
            [-13, -6.2, 1],
            [-9, -4],
            [0, -2.8],
            [6, -4.4, 1],
            [10.6, -4.2],
            [14.2, -1, 1],
          ]),
          material: m,
        },
        {
          outline: spline([
            [-13, -1.2, 1],
            [-12.8, 0, 1],
            [12, 0],
            [14.6, -1, 1],
          ]),
          material: { kind: "leather", colour: "#4a3a31" },
        },
        ...[-1, 1].map(
          (side): Piece => ({
            outline: spline([
              [7.4, -4.4, 1],
              [7.4 + side * 2.8, -6],
              [7.4 + side * 2.6, -3.2],
            ]),
            material: { kind: "silk", colour: bow },
          }),
        ),
        { outline: ellipse(7.4, -4.5, 0.7), material: { kind: "silk", colour: shade(bow, 0.8) } },
      ],
      near,
    );
  return {
    noun: "ballet flats",
    ...made(named),
    details: ["a bow on the toe", "a thin leather sole"],
    price: Math.round(random.between(35, 130)),
    attributes: { heel: "flat", closure: "slip-on", toe: "round" },
    mount: "table",
    solids: pair(pieces),
  };
}
