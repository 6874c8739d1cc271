/** Trainers, high and low. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { flow, type Piece } from "../garment.ts";
import { spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { coloured } from "../textile.ts";
import { dim, flatSole, pair } from "./footwear.ts";

export function sneakers(random: Random, style: Style): Design {
  const named = coloured(
    random,
    style,
    [
      ["canvas", "weave"],
      ["leather", "leather"],
      ["suede", "velvet"],
    ],
    0.3,
  );
  const high = random.chance(0.35);
  const thick = random.between(2.4, 4.2);
  const top = high ? -15.5 : -9.4;
  const trim = hue(random.pick([...style.accents, "white", "black"])).hex;
  const sole = random.pick(["#f4f1e9", "#f4f1e9", "#c9986a", "#2a2a2d"] as const);
  const pieces = (near: boolean): Piece[] => {
    const upper: Piece = {
      outline: spline([
        [-13, -thick + 0.6, 1],
        [-13.4, -7],
        [-12.6, top, 1],
        [-8, top + 1.2],
        [-3.4, top + (high ? -0.2 : 0.4), 1],
        [-1.6, top + 2],
        [5, -6.8],
        [11.6, -5.2],
        [14.2, -thick + 0.4, 1],
      ]),
      material: named.material,
      folds: [flow([6, -6.4], [7.6, -5], [7.4, -3.6])],
      foldWidth: 0.6,
      seams: [flow([-4.6, -thick], [-2, -6.6], [-1.4, top + 2]), flow([7.4, -thick], [6.4, -5], [7, -6.6])],
      trim: (drawing) => {
        const stripe = spline([
          [-8.4, -thick, 1],
          [-5, -thick, 1],
          [-1, -8.6, 1],
          [-3.6, -8.6, 1],
        ]);
        drawing.fill(stripe, trim, 0.95);
        drawing.fill(
          spline([
            [-14, -8, 1],
            [-10.8, -8.2, 1],
            [-11.2, top - 1, 1],
            [-14, top - 1, 1],
          ]),
          trim,
          0.9,
        );
        for (let lace = 0; lace < (high ? 6 : 4); lace++) {
          const part = lace / (high ? 5 : 3);
          const [x, y] = [-2 + part * 6, top + 2.6 + part * (-7.4 - top - 1.6)];
          drawing.stroke({ d: flow([x - 1.6, y + 1.6], [x + 1.4, y - 0.2]), points: [] }, "#faf7f0", 0.75);
        }
      },
    };
    return dim(
      [
        {
          outline: spline([
            [-12, top, 1],
            [-3.6, top, 1],
            [-5, top + 2.4],
            [-11, top + 2.6],
          ]),
          material: { kind: "weave", colour: shade(named.material.colour, 0.5) },
          flat: true,
        },
        upper,
        flatSole(thick, sole),
      ],
      near,
    );
  };
  return {
    noun: high ? "high-top trainers" : "trainers",
    ...made(named),
    details: [
      `laced, on a ${thick > 3.4 ? "chunky" : "slim"} rubber sole`,
      "a contrasting stripe and heel tab",
    ],
    price: Math.round(random.between(39, 160)),
    attributes: { heel: "flat", closure: "laces", height: high ? "high" : "low" },
    mount: "table",
    solids: pair(pieces),
  };
}
