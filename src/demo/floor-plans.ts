/** Floor plans of rooms. */

import type { Category, Design } from "./design.ts";

export interface Slot {
  readonly categories: readonly Category[];
  /** Parts of the width, and of the way from the wall (0) to the picture's lower edge (1). */
  readonly x: number;
  readonly near: number;
  /** Radians. */
  readonly yaw?: number;
  /** Only designs for which this holds. */
  readonly suits?: (design: Design) => boolean;
  /** What stands on it. */
  readonly on?: readonly Category[];
  /** Centimetres above the floor, for what hangs. */
  readonly height?: number;
  readonly chance?: number;
}

const standsOnFloor = ({ mount }: Design) => mount === "floor";

export const small = ({ mount }: Design) => mount === "table";

const low = ({ attributes }: Design) => Number(attributes.height_cm) < 58;

export const tall = ({ noun }: Design) => /dining|round table|desk/.test(noun);

/** Floor plans, seen from the open side; mirrored at random. */
export const PLANS: readonly (readonly Slot[])[] = [
  [
    { categories: ["curtain"], x: 0.84, near: 0, height: 6, chance: 0.9 },
    { categories: ["mirror", "clock"], x: 0.4, near: 0, height: 162 },
    { categories: ["rug"], x: 0.46, near: 0.66, chance: 0.85 },
    { categories: ["lamp"], x: 0.1, near: 0.16, suits: standsOnFloor },
    { categories: ["sofa"], x: 0.4, near: 0.34, yaw: 0.1 },
    { categories: ["plant"], x: 0.7, near: 0.2, suits: standsOnFloor },
    { categories: ["armchair"], x: 0.84, near: 0.62, yaw: -0.6 },
    { categories: ["table"], x: 0.44, near: 0.86, yaw: 0.12, suits: low, on: ["vase", "mug"] },
  ],
  [
    { categories: ["curtain"], x: 0.16, near: 0, height: 6, chance: 0.9 },
    { categories: ["mirror", "clock"], x: 0.87, near: 0, height: 150, chance: 0.7 },
    { categories: ["rug"], x: 0.44, near: 0.72 },
    { categories: ["bed"], x: 0.52, near: 0.5, yaw: 0.34 },
    { categories: ["table"], x: 0.9, near: 0.4, suits: low, on: ["lamp"] },
    { categories: ["plant"], x: 0.08, near: 0.34, suits: standsOnFloor },
    { categories: ["chair"], x: 0.14, near: 0.84, yaw: 0.6, chance: 0.7 },
  ],
  [
    { categories: ["shelf"], x: 0.14, near: 0.06, yaw: 0.12, suits: standsOnFloor },
    { categories: ["clock", "mirror"], x: 0.56, near: 0, height: 158 },
    { categories: ["plant"], x: 0.9, near: 0.12, suits: standsOnFloor },
    { categories: ["chair"], x: 0.34, near: 0.5, yaw: 0.9 },
    { categories: ["chair"], x: 0.82, near: 0.52, yaw: -0.9 },
    { categories: ["table"], x: 0.58, near: 0.72, yaw: 0.14, suits: tall, on: ["vase"] },
    {
      categories: ["lamp"],
      x: 0.58,
      near: 0.5,
      height: 172,
      suits: ({ mount }) => mount === "ceiling",
      chance: 0.7,
    },
  ],
  [
    { categories: ["shelf"], x: 0.8, near: 0.06, yaw: -0.12, suits: standsOnFloor },
    { categories: ["mirror", "clock"], x: 0.3, near: 0, height: 150 },
    { categories: ["rug"], x: 0.46, near: 0.7 },
    { categories: ["lamp"], x: 0.56, near: 0.2, suits: standsOnFloor },
    { categories: ["plant"], x: 0.08, near: 0.2, suits: standsOnFloor },
    { categories: ["armchair"], x: 0.3, near: 0.52, yaw: 0.5 },
    { categories: ["table"], x: 0.62, near: 0.76, suits: low, on: ["mug", "vase"] },
  ],
];
