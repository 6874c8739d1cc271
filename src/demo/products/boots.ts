/** Boots, from ankle to knee. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { flow, type Piece } from "../garment.ts";
import { ellipse, type Node, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { cloth, coloured } from "../textile.ts";
import { dim, flatSole, pair } from "./footwear.ts";

export function designBoots(random: Random, style: Style): Design {
  const form = random.pick([
    "chelsea boots",
    "ankle boots",
    "knee boots",
    "hiking boots",
    "rain boots",
    "western boots",
  ] as const);
  const rubber = form === "rain boots";
  const base = rubber
    ? coloured(random, style, [["rubber", "plastic"]], 0.6)
    : cloth(random, style, {
        kinds: [
          ["leather", "leather"],
          ["suede", "velvet"],
        ],
        repeat: 5,
      });
  const m = base.material;
  const heel = {
    "chelsea boots": 2.6,
    "ankle boots": random.between(5, 8),
    "knee boots": random.between(3, 8),
    "hiking boots": 3.2,
    "rain boots": 2.6,
    "western boots": 4.6,
  }[form];
  const shaft = {
    "chelsea boots": 17,
    "ankle boots": 16,
    "knee boots": 40,
    "hiking boots": 17.5,
    "rain boots": 32,
    "western boots": 29,
  }[form];
  const lift = heel > 4 ? heel * 0.9 : 0;
  const dark = rubber ? shade(m.colour, 0.6) : "#2b2320";
  const toe = form === "western boots" ? 16.6 : 14.2;
  const pieces = (near: boolean): Piece[] => {
    const upper: Node[] = [
      [-12.8, -lift - 1.6, 1],
      [-13, -lift - 7],
      [-11.4, -lift - 13],
      [shaft > 25 ? -13 : -12, -shaft - lift, 1],
      [shaft > 25 ? 0 : -1.6, -shaft - lift + (form === "western boots" ? -1.6 : 0.2), 1],
      [-1.2, -lift - 13],
      [2, -lift * 0.7 - 8.6],
      [8, -6.4],
      [13, -4.6],
      [toe, -1.6, 1],
    ];
    const all: Piece[] = [
      {
        outline: ellipse(-6.8, -shaft - lift, shaft > 25 ? 6.4 : 5.2, 1.3),
        material: { kind: "leather", colour: shade(m.colour, 0.45) },
        flat: true,
      },
      {
        outline: spline(upper),
        material: m,
        folds: [
          flow([-11, -lift - 10], [-6, -lift - 9], [-1, -lift - 11]),
          flow([-10.6, -lift - 13], [-6, -lift - 12.4]),
          flow([4, -lift * 0.5 - 7.4], [5.4, -5], [4.8, -3.6]),
        ],
        foldWidth: 0.8,
        seams:
          form === "hiking boots"
            ? [flow([6, -2], [5, -5], [7.6, -6.6]), flow([-5, -2], [-6, -9], [-10, -12])]
            : [flow([-6, -2], [-5.4, -lift - 8])],
        trim: (drawing) => {
          if (form === "chelsea boots")
            drawing.fill(
              spline([
                [-9.6, -shaft - 1, 1],
                [-4, -shaft - 1, 1],
                [-5.4, -8.6],
                [-8.4, -8.6],
              ]),
              shade(m.colour, 0.45),
            );
          if (form === "hiking boots")
            for (let lace = 0; lace < 6; lace++)
              drawing.stroke(
                {
                  d: flow(
                    [
                      -3.4 + (lace < 3 ? lace * 1.7 : 3.6),
                      -8.4 - (lace < 3 ? -lace * 0.3 : (lace - 2) * 2.4),
                    ],
                    [0.4 + (lace < 3 ? lace * 1.7 : 1.4), -9.6 - (lace < 3 ? -lace * 0.5 : (lace - 2) * 2.5)],
                  ),
                  points: [],
                },
                "#d8a24a",
                0.8,
              );
          if (form === "western boots") {
            drawing.stroke(
              {
                d: flow(
                  [-10, -lift - 14],
                  [-6, -lift - 20],
                  [-4, -lift - 13],
                  [-8, -lift - 24],
                  [-2, -lift - 22],
                ),
                points: [],
              },
              shade(m.colour, 1.7),
              0.5,
            );
            drawing.stroke(
              { d: flow([4, -7.4], [8, -4], [12, -5.4]), points: [] },
              shade(m.colour, 1.7),
              0.5,
            );
          }
          if (form === "rain boots")
            drawing.stroke(
              { d: flow([-14, -shaft + 3], [-6, -shaft + 3.4], [1, -shaft + 3]), points: [] },
              shade(m.colour, 0.6),
              1.2,
            );
          if (form === "knee boots")
            drawing.stroke(
              {
                d: flow([-12.4, -shaft - lift + 5], [-6, -shaft - lift + 6], [0, -shaft - lift + 5]),
                points: [],
              },
              shade(m.colour, 0.6),
              1.6,
            );
        },
      },
    ];
    const block: Node[] = [
      [-13, -lift - 2, 1],
      [-6.6, -lift * 0.9 - 1, 1],
      [heel > 4 ? -8.4 : -7, 0, 1],
      [-12.6, 0, 1],
    ];
    if (heel > 4)
      all.push(
        { outline: spline(block), material: { kind: "wood", colour: dark }, light: 0.95 },
        {
          outline: spline([
            [-8, -lift - 1.6, 1],
            [0, -2.4],
            [4, -1.8],
            [toe, -2, 1],
            [toe + 0.2, -0.6],
            [8, 0],
            [3, -0.2],
            [-2, -lift * 0.5],
            [-8, -lift * 0.9, 1],
          ]),
          material: { kind: "leather", colour: dark },
        },
      );
    else
      all.push(
        flatSole(form === "hiking boots" ? 3.2 : 2.2, form === "hiking boots" ? "#2f2b29" : dark, toe),
      );
    return dim(all, near);
  };
  return {
    noun: form,
    ...made(base),
    details: [
      `a ${shaft > 36 ? "knee-high" : shaft > 25 ? "mid-calf" : "short"} shaft on a ${heel > 4 ? `${Math.round(heel)} cm heel` : "flat sole"}`,
      {
        "chelsea boots": "elastic sides",
        "hiking boots": "laced to the top",
        "western boots": "stitched flourishes",
        "rain boots": "quite waterproof",
        "ankle boots": "a zip inside",
        "knee boots": "a narrow cuff",
      }[form],
    ],
    price: Math.round(random.between(59, 320)),
    attributes: {
      heel: heel > 4 ? "heeled" : "flat",
      shaft: shaft > 36 ? "knee" : shaft > 25 ? "calf" : "ankle",
    },
    mount: "table",
    solids: pair(pieces),
  };
}
