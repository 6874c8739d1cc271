/** Penny loafers and brogues. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { flow, type Piece } from "../garment.ts";
import { ellipse, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { cloth } from "../textile.ts";
import { dim, pair } from "./footwear.ts";

export function loafers(random: Random, style: Style): Design {
  const named = cloth(random, style, { kinds: [["leather", "leather"]], repeat: 5 });
  const brogue = random.chance(0.5);
  const m = named.material;
  const dark = shade(m.colour, 0.4);
  const pieces = (near: boolean): Piece[] =>
    dim(
      [
        {
          outline: spline([
            [-11.8, -8.4, 1],
            [-2, -8.6, 1],
            [-3, -6.6],
            [-11, -6.2],
          ]),
          material: { kind: "leather", colour: shade(m.colour, 0.5) },
          flat: true,
        },
        {
          outline: spline([
            [-13, -1.8, 1],
            [-13.2, -6],
            [-12.2, -8.6, 1],
            [-7, -7.2],
            [brogue ? -3 : -1, brogue ? -8.8 : -8, 1],
            [4, -6.8],
            [11, -5],
            [14.6, -2.6],
            [14.4, -1.6, 1],
          ]),
          material: m,
          seams: [flow([3.6, -6.6], [7, -5.4], [12.6, -3.4]), flow([-4.6, -1.8], [-3.4, -5], [-3, -8.4])],
          stitches: [flow([-12.8, -2.6], [0, -2.4], [14, -2.6])],
          trim: (drawing) => {
            if (brogue) {
              for (let lace = 0; lace < 3; lace++)
                drawing.stroke(
                  {
                    d: flow([-2 + lace * 1.9, -7.6 + lace * 0.4], [0.4 + lace * 1.9, -8.4 + lace * 0.6]),
                    points: [],
                  },
                  dark,
                  0.7,
                );
              for (let hole = 0; hole < 9; hole++)
                drawing.fill(
                  ellipse(8.4 + Math.cos(hole * 0.7) * 1.6, -4.2 + Math.sin(hole * 0.7) * 0.9, 0.22),
                  dark,
                );
            } else {
              drawing.fill(
                spline([
                  [0, -8.6, 1],
                  [3.6, -7.6, 1],
                  [4.8, -1.4, 1],
                  [1, -1.4, 1],
                ]),
                shade(m.colour, 0.8),
              );
              drawing.fill(ellipse(2.2, -6, 0.9, 0.5), "#c9a353");
            }
          },
        },
        {
          outline: spline([
            [-13.4, -2, 1],
            [-13.2, 0, 1],
            [-7, 0, 1],
            [-6.6, -0.6, 1],
            [4, -0.4],
            [12, 0],
            [15, -1.2],
            [14.8, -2, 1],
          ]),
          material: { kind: "leather", colour: brogue ? "#2b2320" : shade(m.colour, 0.4) },
        },
      ],
      near,
    );
  return {
    noun: brogue ? "brogues" : "penny loafers",
    ...made(named),
    details: [
      brogue ? "laced, with punched toe caps" : "a saddle strap over the instep",
      "stitched leather soles",
    ],
    price: Math.round(random.between(69, 260)),
    attributes: { heel: "flat", closure: brogue ? "laces" : "slip-on" },
    mount: "table",
    solids: pair(pieces),
  };
}
