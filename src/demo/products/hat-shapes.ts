/** The pieces of each kind of hat. */
import { shade } from "../colour.ts";
import { flow, type Piece } from "../garment.ts";
import type { Material } from "../material.ts";
import { ellipse, type Node, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";

export const HATS: Record<string, (m: Material, band: Material, random: Random) => Piece[]> = {
  fedora: (m, band, random) => brimmed(m, band, random.between(21, 25), 13, 14, true),
  "straw hat": (m, band, random) => brimmed(m, band, random.between(28, 34), 13, 11, false),
  beanie: (m, band, random) => {
    const pom = random.chance(0.5);
    const crown = spline(
      symmetric([
        [0, -22],
        [8, -20],
        [13, -12],
        [13.6, 0, 1],
        [0, 1.4],
      ]),
    );
    const cuff = spline(
      symmetric([
        [0, -4.4],
        [13.8, -5.4],
        [14.4, -2],
        [14, 3],
        [0, 5],
      ]),
    );
    const ribs = Array.from({ length: 9 }, (_, index) =>
      flow([(index - 4) * 1, -21], [(index - 4) * 2.8, -10], [(index - 4) * 3.1, 3]),
    );
    return [
      ...(pom
        ? [{ outline: ellipse(0, -24, 5), material: { kind: "boucle", colour: band.colour } as Material }]
        : []),
      { outline: crown, material: m, folds: ribs.slice(1, -1), foldWidth: 0.7 },
      { outline: cuff, material: m, light: 1.04, seams: ribs.map((rib) => rib) },
    ];
  },
  "baseball cap": (m, band) => [
    {
      outline: spline([
        [-13, 1, 1],
        [-12.4, -9],
        [-6, -16],
        [2, -17.4],
        [9, -14],
        [13, -6],
        [13.4, 0.4, 1],
        [2, 2.4],
      ]),
      material: m,
      seams: [
        flow([2, -17.4], [4, -8], [3.4, 2.4]),
        flow([2, -17.4], [-7, -9], [-9, 1.4]),
        flow([2, -17.4], [10, -8], [11, 0.4]),
      ],
    },
    { outline: ellipse(2, -17.4, 1.2, 0.7), material: band },
    {
      outline: spline([
        [1, 1.6, 1],
        [8, -1.6],
        [13.2, -0.4],
        [22, 2.6],
        [25.4, 6.4],
        [18, 6.2],
        [8, 4.4],
      ]),
      material: { ...band, kind: m.kind },
      light: 0.92,
      stitches: [flow([8, 0], [18, 2.4], [23.6, 5.6])],
    },
  ],
  "bucket hat": (m) => [
    {
      outline: spline(
        symmetric([
          [0, -15],
          [9, -14.4],
          [11.6, -11.6],
          [13, -1, 1],
          [0, 1],
        ]),
      ),
      material: m,
      seams: [flow([-11.4, -11.4], [0, -10.4], [11.4, -11.4])],
    },
    {
      outline: spline(
        symmetric([
          [0, -1.4],
          [13, -2.4, 1],
          [19.6, 7, 1],
          [10, 10.4],
          [0, 11.4],
        ]),
      ),
      material: m,
      light: 0.95,
      stitches: [2, 4.4, 6.8].map((y) => flow([-14 - y * 0.8, y - 1], [0, y + 2.4], [14 + y * 0.8, y - 1])),
    },
  ],
  beret: (m) => [
    {
      outline: spline([
        [-17, -4],
        [-12, -12],
        [0, -15],
        [12, -13],
        [19, -6],
        [16, 0],
        [6, 2.6],
        [-6, 3],
        [-14, 1],
      ]),
      material: m,
      folds: [flow([-12, -2], [-2, 0.4], [12, -2]), flow([-8, -6], [2, -3], [10, -6])],
    },
    {
      outline: spline([
        [-11, 1.6, 1],
        [0, 3.4],
        [11, 1.2, 1],
        [10.4, 4],
        [0, 6],
        [-10.4, 4.6],
      ]),
      material: m,
      light: 0.75,
    },
    {
      outline: spline([
        [0.4, -14.6, 1],
        [1.4, -17.4, 1],
        [2.4, -17.4, 1],
        [2.2, -14.6, 1],
      ]),
      material: m,
      light: 0.8,
    },
  ],
};

function brimmed(
  m: Material,
  band: Material,
  brim: number,
  crown: number,
  height: number,
  pinched: boolean,
): Piece[] {
  const top: Node[] = pinched
    ? [
        [0, -height + 1.6],
        [crown * 0.5, -height - 1.6],
        [crown * 0.9, -height + 2],
        [crown, -1, 1],
        [0, 1.6],
      ]
    : [
        [0, -height],
        [crown * 0.6, -height + 0.6],
        [crown * 0.95, -height * 0.6],
        [crown, -1, 1],
        [0, 1.6],
      ];
  return [
    {
      outline: ellipse(0, 2, brim, brim * 0.3),
      material: m,
      light: 0.92,
      seams: [ellipse(0, 2, brim - 1.2, brim * 0.3 - 0.6).d],
    },
    {
      outline: ellipse(0, 1, crown + 1, 2.6),
      material: { kind: "velvet", colour: shade(m.colour, 0.4) },
      flat: true,
    },
    {
      outline: spline(symmetric(top)),
      material: m,
      folds: pinched ? [flow([-4, -height + 2], [-2.4, -height * 0.6], [-3.4, -5])] : [],
    },
    {
      outline: spline(
        symmetric([
          [0, -3.4],
          [crown, -5.4, 1],
          [crown + 0.2, -1, 1],
          [0, 1.6],
        ]),
      ),
      material: band,
    },
  ];
}
