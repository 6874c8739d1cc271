/** Glasses and sunglasses. */
import { type Hex, mix, shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { garment, type Piece } from "../garment.ts";
import { joined, mirrored, type Node, type Outline, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import type { Style } from "../styles.ts";
import { coloured, type Named } from "../textile.ts";

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
