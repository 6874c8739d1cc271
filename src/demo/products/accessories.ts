/** Hats, glasses and scarves. */
import { type Hex, mix, shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { flow, garment, type Piece } from "../garment.ts";
import type { Material } from "../material.ts";
import { ellipse, joined, mirrored, type Node, type Outline, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { hue, type Style } from "../styles.ts";
import { cloth, coloured, type Named } from "../textile.ts";
import { PRINTS } from "./tops.ts";

const ORIGIN = upright(0, 0, 0);

export function designHat(random: Random, style: Style): Design {
  const form = random.pick(["fedora", "straw hat", "beanie", "baseball cap", "bucket hat", "beret"] as const);
  const straw: Named = {
    material: { kind: "rattan", colour: "#dfc08a" },
    name: "straw",
    colour: { name: "sand", hex: "#dfc08a" },
    pattern: "plain",
  };
  const named =
    form === "straw hat"
      ? straw
      : form === "beanie"
        ? cloth(random, style, {
            kinds: [
              ["wool knit", "knit"],
              ["mohair knit", "knit"],
            ],
            repeat: 6,
          })
        : form === "fedora" || form === "beret"
          ? cloth(random, style, {
              kinds: [
                ["felt", "velvet"],
                ["wool", "velvet"],
              ],
              repeat: 6,
            })
          : cloth(random, style, {
              kinds: [
                ["cotton", "weave"],
                ["corduroy", "velvet"],
                ["linen", "weave"],
              ],
              repeat: 7,
              prints: PRINTS,
            });
  const { material: m } = named;
  const band: Material = { kind: "silk", colour: hue(random.pick(style.accents)).hex };
  const pieces = HATS[form]!(m, band, random);
  return {
    noun: form,
    ...made(named),
    details: [
      {
        fedora: "a pinched crown with a ribbon",
        "straw hat": "a broad woven brim",
        beanie: "a turned-up ribbed edge",
        "baseball cap": "six panels and a curved peak",
        "bucket hat": "a stitched sloping brim",
        beret: "a soft round crown",
      }[form],
    ],
    price: Math.round(random.between(15, 95)),
    attributes: {
      form,
      ...(form === "fedora" || form === "straw hat" ? { brim: form === "fedora" ? "medium" : "wide" } : {}),
    },
    mount: "lying",
    solids: [garment(ORIGIN, pieces)],
  };
}

const HATS: Record<string, (m: Material, band: Material, random: Random) => Piece[]> = {
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

export function designGlasses(random: Random, style: Style): Design {
  const form = random.pick(["round", "square", "cat-eye", "aviator", "oversized", "oval"] as const);
  const wire = form === "aviator" || random.chance(0.25);
  const named: Named = wire
    ? {
        material: { kind: "metal", colour: "#c9a353" },
        name: "metal",
        colour: { name: "brass", hex: "#c9a353" },
        pattern: "plain",
      }
    : coloured(random, style, [["acetate", "plastic"]], 0.6);
  const sun = random.chance(0.6);
  const tint: Hex = sun
    ? random.pick(["#3a3a40", "#5a4030", "#34504a", "#7a4a5a", "#3c5478"] as const)
    : "#dfe9ee";
  const size = form === "oversized" ? 3.5 : random.between(2.6, 3.1);
  const edge = wire ? 0.22 : random.between(0.4, 0.75);
  const lens = (grow: number): Node[] => {
    const s = size + grow;
    const at = (nodes: Node[]): Node[] =>
      nodes.map(([x, y, corner]): Node => [x * s + 3.9, y * s, corner ?? 0]);
    switch (form) {
      case "square":
        return at([
          [-1, -0.72],
          [0.9, -0.8],
          [1.08, -0.2],
          [0.96, 0.72],
          [-0.7, 0.78],
          [-1.02, 0.2],
        ]);
      case "cat-eye":
        return at([
          [-0.96, -0.5],
          [0.2, -0.72],
          [1.3, -1.02, 1],
          [1.12, 0.1],
          [0.5, 0.74],
          [-0.56, 0.72],
          [-1, 0.1],
        ]);
      case "aviator":
        return at([
          [-0.9, -0.7],
          [0.5, -0.86],
          [1.14, -0.5],
          [0.96, 0.5],
          [0.2, 1.06],
          [-0.6, 0.72],
          [-1, -0.1],
        ]);
      case "oversized":
        return at([
          [-0.9, -0.76],
          [0.8, -0.84],
          [1.06, -0.1],
          [0.8, 0.82],
          [-0.3, 0.92],
          [-0.96, 0.4],
        ]);
      default:
        return at(
          Array.from(
            { length: 12 },
            (_, index): Node => [
              Math.cos((index / 6) * Math.PI),
              Math.sin((index / 6) * Math.PI) * (form === "oval" ? 0.76 : 0.98),
            ],
          ),
        );
    }
  };
  const outer = [spline(lens(edge)), spline(mirrored(lens(edge)))];
  const inner = [spline(lens(0)), spline(mirrored(lens(0)))];
  const arm = (side: number): Outline =>
    spline([
      [side * (3.9 + size * 1.02), -size * 0.5, 1],
      [side * (5.2 + size * 1.1), -size * 0.62, 1],
      [side * (4.6 + size), -size * 0.62 - 4.4],
      [side * (3.6 + size * 0.5), -size - 5.8, 1],
      [side * (3.4 + size * 0.5), -size - 5.2, 1],
      [side * (4 + size * 0.92), -size * 0.62 - 3.6],
    ]);
  const pieces: Piece[] = [
    ...[-1, 1].map((side): Piece => ({ outline: arm(side), material: named.material, light: 0.75 })),
    {
      outline: spline([
        [-1.5, -size * 0.4, 1],
        [0, -size * 0.62],
        [1.5, -size * 0.4, 1],
        [1.5, -size * 0.4 + edge + 0.3, 1],
        [0, -size * 0.5 + edge],
        [-1.5, -size * 0.4 + edge + 0.3, 1],
      ]),
      material: named.material,
    },
    ...outer.map(
      (ring, index): Piece => ({ outline: joined(ring, inner[index]!), material: named.material }),
    ),
  ];
  const solid = garment(
    upright(0, 0, 0),
    pieces.map((piece, index) =>
      index < 3
        ? piece
        : {
            ...piece,
            outline: outer[index - 3]!,
            trim: (drawing, pixel) => {
              const glass = inner[index - 3]!;
              const centre = index === 3 ? 3.9 : -3.9;
              const fill = drawing.linear(
                [centre - size, -size],
                [centre + size, size],
                sun
                  ? [
                      [0, shade(tint, 1.12)],
                      [0.6, shade(tint, 0.8)],
                      [1, mix(tint, "#d8b48a", 0.4)],
                    ]
                  : [
                      [0, "#f4fafc"],
                      [1, shade(tint, 0.9)],
                    ],
              );
              drawing.fill(glass, fill);
              drawing.fill(
                spline([
                  [centre - size * 0.7, -size * 0.9, 1],
                  [centre - size * 0.1, -size * 0.9, 1],
                  [centre - size * 0.7, size * 0.9, 1],
                  [centre - size * 1.3, size * 0.9, 1],
                ]),
                "#ffffff",
                sun ? 0.2 : 0.5,
              );
              drawing.stroke(glass, shade(named.material.colour, 0.4), pixel, 0.6);
            },
          },
    ),
  );
  return {
    noun: `${form} ${sun ? "sunglasses" : "glasses"}`,
    ...made(named),
    details: [
      `${wire ? "thin metal" : edge > 0.6 ? "bold" : "slim"} ${form} frames`,
      sun ? "tinted lenses" : "clear lenses",
    ],
    price: Math.round(random.between(25, 220)),
    attributes: { form, lenses: sun ? "tinted" : "clear", frame: named.name },
    mount: "lying",
    solids: [solid],
  };
}

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
