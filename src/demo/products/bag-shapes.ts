import { flow, type Piece } from "../garment.ts";
import type { Material } from "../material.ts";
import { ellipse, rectangle, spline, symmetric } from "../outline.ts";
import { arch, GOLD } from "./arch.ts";
import { WORN_BAGS } from "./worn-bags.ts";

export const BAGS: Record<string, (m: Material, trim: Material, wide: number) => Piece[]> = {
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
  ...WORN_BAGS,
};
