/** Scarves and silk squares. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { flow, garment, type Piece } from "../garment.ts";
import { ellipse, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { cloth } from "../textile.ts";
import { ORIGIN } from "./hat.ts";
import { PRINTS } from "./neckline.ts";

export function designScarf(random: Random, style: Style): Design {
  const form = random.pick(["looped", "hanging", "square"] as const);
  const kinds =
    form === "square"
      ? ([["silk", "silk"]] as const)
      : ([
          ["wool knit", "knit"],
          ["cashmere", "weave"],
          ["wool", "weave"],
        ] as const);
  const named = cloth(random, style, { kinds, repeat: 12, printed: 0.7, prints: PRINTS });
  const { material: m } = named;
  const fringe = form !== "square" && random.chance(0.7);
  const pieces: Piece[] = [];
  const tail = (x: number, foot: number, lean: number): void => {
    if (fringe)
      for (let strand = 0; strand < 8; strand++) {
        const at = x - 7 + lean + strand * 2;
        pieces.push({
          outline: spline([
            [at, foot - 1, 1],
            [at + 1.3, foot - 1, 1],
            [at + 1.7, foot + 6, 1],
            [at + 0.4, foot + 6.6, 1],
          ]),
          material: m,
          light: 0.9,
          flat: true,
        });
      }
    pieces.push({
      outline: spline([
        [x - 7, 8, 1],
        [x + 7, 8, 1],
        [x + 8 + lean, foot, 1],
        [x - 8 + lean, foot + 0.6, 1],
      ]),
      material: m,
      folds: [
        flow([x - 2, 8], [x - 1 + lean * 0.5, foot * 0.5], [x - 3 + lean, foot]),
        flow([x + 3, 8], [x + 4 + lean * 0.6, foot * 0.6], [x + 3 + lean, foot]),
      ],
      foldWidth: 1.3,
    });
  };
  if (form === "square") {
    for (const [turn, light] of [
      [0, 0.9],
      [1, 1],
    ] as const) {
      const s = 34 - turn * 3;
      pieces.push({
        outline: spline([
          [-s, -s * 0.1 + turn * 4, 1],
          [0, -s * 0.9],
          [s, -s * 0.1, 1],
          [s * 0.3, s * 0.5],
          [0, s * 0.95, 1],
          [-s * 0.36, s * 0.46],
        ]),
        material: m,
        light,
        folds: [
          flow([-s * 0.5, -s * 0.3], [0, s * 0.1], [0, s * 0.8]),
          flow([s * 0.5, -s * 0.3], [s * 0.2, s * 0.1], [s * 0.06, s * 0.7]),
        ],
        foldWidth: 2,
        trim: (drawing) => {
          drawing.stroke(
            spline([
              [-s + 4, -s * 0.08 + turn * 4, 1],
              [0, -s * 0.9 + 4],
              [s - 4, -s * 0.08, 1],
              [s * 0.26, s * 0.44],
              [0, s * 0.95 - 5, 1],
              [-s * 0.32, s * 0.4],
            ]),
            m.print?.ink ?? shade(m.colour, 0.6),
            1.8,
            0.9,
          );
        },
      });
    }
  } else if (form === "hanging") {
    tail(-9, 92, -2);
    tail(9, 104, 2);
    pieces.push({
      outline: spline([
        [-16.4, 10, 1],
        [-14, -4],
        [0, -13],
        [14, -4],
        [16.4, 10, 1],
        [2, 10, 1],
        [0, -2],
        [-2, 10, 1],
      ]),
      material: m,
      folds: [flow([-12, 6], [0, -8], [12, 6])],
      foldWidth: 1.4,
    });
  } else {
    tail(5, 62, 3);
    pieces.push({
      outline: spline([
        [-19, 0],
        [-12, -11],
        [0, -13.4],
        [13, -11],
        [19, -1],
        [14, 10],
        [0, 15],
        [-14, 10],
      ]),
      material: m,
      folds: [
        flow([-16, 0], [0, 10], [16, -1]),
        flow([-14, 5], [-2, 13], [12, 6]),
        flow([-13, -6], [0, 3], [14, -6]),
      ],
      foldWidth: 1.8,
    });
    pieces.push({ outline: ellipse(0, -6.6, 9.6, 4.2), material: { ...m }, light: 0.5, flat: true });
  }
  return {
    noun: form === "square" ? "silk square" : "scarf",
    ...made(named),
    details: [
      form === "square"
        ? "a hand-rolled hem and a printed border"
        : `${form === "looped" ? "long enough to loop" : "worn loose"}${fringe ? ", with fringes" : ""}`,
    ],
    price: Math.round(random.between(19, 140)),
    attributes: { form, fringe: fringe ? "yes" : "no" },
    mount: "lying",
    solids: [garment(ORIGIN, pieces)],
  };
}
