import type { Piece } from "../garment.ts";
import type { Material } from "../material.ts";
import { PATTERNS } from "../motif.ts";
import { type Node, spline, symmetric } from "../outline.ts";

export type Neckline = "crew" | "v-neck" | "boat" | "scoop" | "turtleneck";

/** The right half of a neckline, from the middle outwards. */
export function neckline(neck: Neckline): Node[] {
  switch (neck) {
    case "crew":
      return [
        [0, 5],
        [4.6, 3.4],
        [7.6, -0.6, 1],
      ];
    case "v-neck":
      return [
        [0, 17, 1],
        [7.4, -0.6, 1],
      ];
    case "boat":
      return [
        [0, 3.2],
        [8, 1.8],
        [13, 0.4, 1],
      ];
    case "scoop":
      return [
        [0, 13],
        [6, 10],
        [9.6, -0.2, 1],
      ];
    case "turtleneck":
      return [
        [0, -6.4],
        [5.4, -6.8, 1],
        [6.2, -1, 1],
      ];
  }
}

/** The inside of the back, which shows above the front's neckline. */
export function backNeck(front: readonly Node[], material: Material): Piece {
  const depth = front[0]![1];
  const [x, y] = front.at(-1)!;
  const outline = spline(
    symmetric([
      [0, y + 2.4],
      [x, y, 1],
      [x * 0.92, y + (depth - y) * 0.7],
      [0, depth + 2],
    ]),
  );
  return { outline, material, light: 0.55, flat: true };
}

export const PRINTS = PATTERNS.filter((pattern) => pattern !== "terrazzo" && pattern !== "herringbone");
