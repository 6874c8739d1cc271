import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { flow, garment, type Piece } from "../garment.ts";
import type { Material } from "../material.ts";
import { ellipse, type Node, rectangle, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import type { Style } from "../styles.ts";
import { cloth, coloured, type Named } from "../textile.ts";
import { PRINTS } from "./tops.ts";

const GOLD: Material = { kind: "metal", colour: "#c9a353" };

/** A handle: the space between two arches. */
function arch(half: number, rise: number, thick: number, base: number): Node[] {
  return [
    ...symmetric([
      [0, base - rise],
      [half * 0.72, base - rise * 0.8],
      [half, base, 1],
    ]).slice(0, 3),
    [half - thick, base, 1],
    [(half - thick) * 0.72, base - rise * 0.78 + thick * 0.5],
    [0, base - rise + thick],
    [-(half - thick) * 0.72, base - rise * 0.78 + thick * 0.5],
    [-half + thick, base, 1],
    [-half, base, 1],
    [-half * 0.72, base - rise * 0.8],
  ];
}

export function designBag(random: Random, style: Style): Design {
  const form = random.pick([
    "tote",
    "handbag",
    "crossbody bag",
    "bucket bag",
    "backpack",
    "basket bag",
    "clutch",
  ] as const);
  const straw: Named = {
    material: { kind: "rattan", colour: "#d6ae72" },
    name: "straw",
    colour: { name: "sand", hex: "#d6ae72" },
    pattern: "plain",
  };
  const named =
    form === "basket bag"
      ? straw
      : form === "tote" || form === "backpack"
        ? cloth(random, style, {
            kinds: [
              ["canvas", "weave"],
              ["leather", "leather"],
              ["quilted nylon", "plastic"],
            ],
            repeat: 9,
            printed: style.printed + 0.2,
            prints: PRINTS,
          })
        : coloured(
            random,
            style,
            [
              ["leather", "leather"],
              ["suede", "velvet"],
              ["patent leather", "plastic"],
            ],
            0.5,
          );
  const m = named.material;
  const trim: Material =
    form === "tote" || form === "basket bag" || form === "backpack"
      ? { kind: "leather", colour: random.pick(["#8a5a35", "#4e3426", "#b98a55"] as const) }
      : { ...m, colour: shade(m.colour, 0.86) };
  const pieces = BAGS[form]!(m, trim, random.between(0.88, 1.14));
  return {
    noun: form,
    ...made(named),
    details: [
      {
        tote: "two long handles and an open top",
        handbag: "a framed top handle and a brass clasp",
        "crossbody bag": "a saddle flap and a long strap",
        "bucket bag": "a drawstring neck",
        backpack: "a front pocket with a buckled strap",
        "basket bag": "woven by hand with leather handles",
        clutch: "an envelope flap with a stud",
      }[form],
    ],
    price: Math.round(random.between(35, 380)),
    attributes: {
      form,
      closure: {
        tote: "open",
        handbag: "clasp",
        "crossbody bag": "flap",
        "bucket bag": "drawstring",
        backpack: "buckle",
        "basket bag": "open",
        clutch: "flap",
      }[form],
    },
    mount: "lying",
    solids: [garment(upright(0, 0, 0), pieces)],
  };
}

const BAGS: Record<string, (m: Material, trim: Material, wide: number) => Piece[]> = {
  tote: (m, trim, wide) => {
    const w = 20 * wide;
    return [
      { outline: spline(arch(9.4, 22, 1.8, 2)), material: trim, light: 0.72 },
      {
        outline: spline(
          symmetric([
            [0, -1.6],
            [w * 1.06, -1, 1],
            [w * 1.05, 2, 1],
            [0, 3],
          ]),
        ),
        material: m,
        light: 0.55,
        flat: true,
      },
      {
        outline: spline(
          symmetric([
            [0, 1.4],
            [w * 1.06, 0, 1],
            [w, 32],
            [w * 0.96, 36, 1],
            [0, 37],
          ]),
        ),
        material: m,
        folds: [
          flow([w * 0.7, 2], [w * 0.6, 16], [w * 0.74, 34]),
          flow([-w * 0.7, 2], [-w * 0.56, 18], [-w * 0.66, 34]),
        ],
        stitches: [flow([-w, 3.4], [0, 4.4], [w, 3.4])],
      },
      { outline: spline(arch(9.4, 19, 2, 9)), material: trim },
    ];
  },
  handbag: (m, trim, wide) => {
    const w = 17 * wide;
    return [
      { outline: spline(arch(9, 14, 1.7, 1)), material: trim, light: 0.95 },
      {
        outline: spline(
          symmetric([
            [0, 0],
            [w * 0.8, 0, 1],
            [w * 0.94, 9],
            [w * 1.06, 20],
            [w, 24, 1],
            [0, 25],
          ]),
        ),
        material: m,
        seams: [flow([-w * 0.9, 9], [0, 10], [w * 0.9, 9])],
        stitches: [flow([-w * 0.98, 22.4], [0, 23.2], [w * 0.98, 22.4])],
      },
      {
        outline: spline(
          symmetric([
            [0, -0.6],
            [w * 0.82, -0.6, 1],
            [w * 0.86, 2, 1],
            [w * 0.5, 9.6],
            [0, 11.4],
          ]),
        ),
        material: trim,
        light: 1.06,
      },
      { outline: rectangle(-2.2, 9, 4.4, 3.6, 0.8), material: GOLD },
    ];
  },
  "crossbody bag": (m, trim, wide) => {
    const w = 13 * wide;
    const strap = spline([
      [-w, 2, 1],
      [-w * 1.3, -14],
      [-4, -34],
      [w * 0.9, -26],
      [w, 2, 1],
      [w - 1.2, 2, 1],
      [w * 0.9 - 1.6, -24],
      [-4, -32.4],
      [-w * 1.3 + 1.6, -13],
      [-w + 1.2, 2, 1],
    ]);
    return [
      { outline: strap, material: trim, light: 0.9 },
      {
        outline: spline(
          symmetric([
            [0, 0],
            [w, 0, 1],
            [w * 1.04, 10],
            [w * 0.8, 19],
            [0, 21],
          ]),
        ),
        material: m,
        light: 0.92,
      },
      {
        outline: spline(
          symmetric([
            [0, -1],
            [w * 1.03, -0.6, 1],
            [w * 1.03, 6],
            [w * 0.7, 13.4],
            [0, 15],
          ]),
        ),
        material: m,
        light: 1.05,
        stitches: [
          flow(
            [-w * 0.97, 2],
            [-w * 0.94, 7],
            [-w * 0.6, 12.4],
            [0, 13.8],
            [w * 0.6, 12.4],
            [w * 0.94, 7],
            [w * 0.97, 2],
          ),
        ],
      },
      { outline: ellipse(0, 12.4, 1.7), material: GOLD },
    ];
  },
  "bucket bag": (m, trim, wide) => {
    const w = 12.4 * wide;
    return [
      { outline: spline(arch(w, 26, 1.5, 2)), material: trim, light: 0.85 },
      { outline: ellipse(0, 0, w * 0.98, 2.6), material: m, light: 0.45, flat: true },
      {
        outline: spline(
          symmetric([
            [0, 2.4],
            [w, 0, 1],
            [w * 1.02, 5],
            [w * 1.08, 24],
            [w * 1.02, 29, 1],
            [0, 31.4],
          ]),
        ),
        material: m,
        folds: [-0.7, -0.35, 0, 0.35, 0.7].map((part) =>
          flow([w * part, 1], [w * part * 1.02, 6], [w * part * 0.9, 13]),
        ),
        foldWidth: 1,
        seams: [flow([-w * 1.04, 26], [0, 28.4], [w * 1.04, 26])],
      },
      {
        outline: spline([
          [-w * 1.03, 4.4, 1],
          [0, 7],
          [w * 1.03, 4.4, 1],
          [w * 1.03, 5.4, 1],
          [0, 8.2],
          [-w * 1.03, 5.4, 1],
        ]),
        material: trim,
      },
      {
        outline: spline([
          [1, 7.4, 1],
          [2, 7.4, 1],
          [4, 19, 1],
          [2.4, 19, 1],
        ]),
        material: trim,
        light: 0.9,
      },
      {
        outline: spline([
          [-1, 7.4, 1],
          [-2, 7.4, 1],
          [-3.6, 17, 1],
          [-2, 17, 1],
        ]),
        material: trim,
        light: 0.9,
      },
    ];
  },
  backpack: (m, trim, wide) => {
    const w = 14.6 * wide;
    return [
      { outline: spline(arch(4.2, 7, 1.4, -2)), material: trim, light: 0.85 },
      {
        outline: spline(
          symmetric([
            [0, -3],
            [w * 0.6, -2],
            [w * 0.94, 4],
            [w, 20],
            [w * 0.96, 38],
            [w * 0.7, 41],
            [0, 41.6],
          ]),
        ),
        material: m,
      },
      {
        outline: spline(
          symmetric([
            [0, -3],
            [w * 0.62, -2.2],
            [w * 0.96, 4],
            [w * 0.9, 13, 1],
            [0, 16],
          ]),
        ),
        material: m,
        light: 1.05,
        stitches: [flow([-w * 0.84, 11.6], [0, 14.4], [w * 0.84, 11.6])],
      },
      {
        outline: spline(
          symmetric([
            [0, 21],
            [w * 0.72, 20, 1],
            [w * 0.78, 36],
            [w * 0.6, 39],
            [0, 39.6],
          ]),
        ),
        material: m,
        light: 0.96,
        stitches: [flow([-w * 0.7, 22.4], [0, 23.4], [w * 0.7, 22.4])],
      },
      ...[-0.42, 0.42].map(
        (part): Piece => ({
          outline: rectangle(w * part - 1, 8, 2, 17, 0.6),
          material: trim,
          trim: (drawing) =>
            drawing.add(
              `<rect x="${w * part - 1.3}" y="20" width="2.6" height="2.4" rx=".4" fill="none" stroke="#c9a353" stroke-width=".6"/>`,
            ),
        }),
      ),
    ];
  },
  "basket bag": (m, trim, wide) => {
    const w = 18 * wide;
    return [
      { outline: spline(arch(8, 15, 1.5, 2)), material: trim, light: 0.75 },
      { outline: ellipse(0, 0, w, 3), material: m, light: 0.5, flat: true },
      {
        outline: spline(
          symmetric([
            [0, 3],
            [w, 0, 1],
            [w * 0.96, 14],
            [w * 0.76, 25],
            [0, 27.4],
          ]),
        ),
        material: m,
        seams: [5, 10, 15, 20].map((y) => flow([-w, y - 2], [0, y + 1.6], [w, y - 2])),
      },
      { outline: spline(arch(8, 12, 1.6, 8)), material: trim },
    ];
  },
  clutch: (m, _trim, wide) => {
    const w = 16 * wide;
    return [
      {
        outline: spline(
          symmetric([
            [0, 0],
            [w, 0, 1],
            [w * 1.01, 19, 1],
            [0, 19.8],
          ]),
        ),
        material: m,
        light: 0.94,
      },
      {
        outline: spline(
          symmetric([
            [0, -0.8],
            [w * 1.02, -0.6, 1],
            [w * 1.02, 2, 1],
            [1, 14.6],
            [0, 15],
          ]),
        ),
        material: m,
        light: 1.06,
        stitches: [flow([-w, 2.4], [0, 13], [w, 2.4])],
      },
      { outline: ellipse(0, 12, 1.5), material: GOLD },
    ];
  },
};
