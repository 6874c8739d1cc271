import { flow, type Piece } from "../garment.ts";
import type { Material } from "../material.ts";
import { ellipse, rectangle, spline, symmetric } from "../outline.ts";
import { arch, GOLD } from "./arch.ts";

export const WORN_BAGS: Record<string, (m: Material, trim: Material, wide: number) => Piece[]> = {
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
};
