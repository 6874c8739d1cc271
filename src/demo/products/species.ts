/** How each plant grows. */
import { mix, shade } from "../colour.ts";
import type { Point } from "../geometry.ts";
import { type Outline, polyline } from "../outline.ts";
import type { Random } from "../random.ts";
import { type Leaf, leaf } from "./foliage.ts";

export const SPECIES = [
  "rubber plant",
  "snake plant",
  "monstera",
  "fern",
  "palm",
  "cactus",
  "olive tree",
] as const;

type Species = (typeof SPECIES)[number];

export interface Growth {
  readonly leaves: Leaf[];
  readonly stems: { line: Outline; width: number; colour: `#${string}` }[];
}

export const GROW: Record<Species, (random: Random, growth: Growth, size: number, pot: number) => void> = {
  "rubber plant": (random, { leaves, stems }, size) => {
    const colour = random.pick(["#2f5d43", "#3c6b4c", "#4b4a3f"] as const);
    const lean = random.between(-0.08, 0.08) * size;
    stems.push({
      line: polyline([
        [0, 2],
        [lean * 0.4, -size * 0.5],
        [lean, -size * 0.9],
      ]),
      width: size * 0.022,
      colour: "#7a5c42",
    });
    for (let index = 0; index < 13; index++) {
      const part = 0.2 + (index / 13) * 0.74;
      const side = index % 2 ? 1 : -1;
      const angle = -Math.PI / 2 + side * (1.25 - part * 0.75) * random.between(0.8, 1.1);
      leaves.push(
        leaf(
          [lean * part, -size * part],
          angle,
          size * random.between(0.24, 0.32),
          size * 0.13,
          mix(colour, "#9cb67f", random.between(0, 0.28)),
          side * 0.1,
        ),
      );
    }
  },
  "snake plant": (random, { leaves }, size, pot) => {
    for (let index = 0; index < 11; index++) {
      const side = (index / 10) * 2 - 1;
      const order = Math.abs(side);
      leaves.push(
        leaf(
          [side * pot * 0.5, 2],
          -Math.PI / 2 + side * 0.24 + random.between(-0.07, 0.07),
          size * (0.9 - order * 0.35) * random.between(0.8, 1.05),
          size * 0.09,
          mix("#44694a", "#b9c48a", random.between(0, 0.5)),
          side * 0.05,
        ),
      );
    }
  },
  monstera: (random, { leaves, stems }, size) => {
    for (let index = 0; index < 9; index++) {
      const side = ((index % 5) / 4) * 2 - 1;
      const reach = size * random.between(0.48, 0.92);
      const tip: Point = [side * size * 0.46, -reach * (1 - Math.abs(side) * 0.22)];
      stems.push({
        line: polyline([[0, 2], [tip[0] * 0.35, tip[1] * 0.66], tip]),
        width: size * 0.014,
        colour: "#527a4b",
      });
      const turn = -Math.PI / 2 + side * 1.35;
      const colour = mix("#2f6a45", "#77a463", random.between(0, 0.5));
      for (const [spread, long] of [
        [-1.15, 0.14],
        [1.15, 0.14],
        [-0.66, 0.2],
        [0.66, 0.2],
        [-0.24, 0.26],
        [0.24, 0.26],
      ] as const) {
        leaves.push(leaf(tip, turn + spread, size * long, size * 0.085, colour, spread * 0.12));
      }
    }
  },
  fern: (random, { leaves }, size) => {
    for (let index = 0; index < 15; index++) {
      const side = (index / 14) * 2 - 1;
      const turn = -Math.PI / 2 + side * 1.25;
      const colour = mix("#4f8a4b", "#a4c479", random.between(0, 0.5));
      const long = size * random.between(0.5, 0.74);
      leaves.push(leaf([side * 2, 1], turn, long, size * 0.03, colour, side * 0.4));
      for (let step = 1; step < 8; step++) {
        const part = step / 8;
        const bent = side * 0.4 * long * part * part;
        const at: Point = [
          side * 2 + Math.cos(turn) * long * part - Math.sin(turn) * bent,
          1 + Math.sin(turn) * long * part + Math.cos(turn) * bent,
        ];
        const along = turn + side * 0.7 * part;
        for (const wing of [-1, 1])
          leaves.push(
            leaf(at, along + wing * 1.05, size * 0.13 * (1.15 - part), size * 0.034, colour, 0, false),
          );
      }
    }
  },
  palm: (random, { leaves, stems }, size) => {
    for (let index = 0; index < 9; index++) {
      const side = (index / 8) * 2 - 1;
      const tip: Point = [
        side * size * 0.42,
        -size * (0.95 - Math.abs(side) * 0.4) * random.between(0.85, 1),
      ];
      const knee: Point = [tip[0] * 0.3, tip[1] * 0.72];
      stems.push({ line: polyline([[side * 1.5, 2], knee, tip]), width: size * 0.011, colour: "#6d8a4f" });
      const colour = mix("#3f7a4a", "#90b56b", random.between(0, 0.6));
      for (let step = 0; step < 8; step++) {
        const part = 0.25 + (step / 8) * 0.75;
        const at: Point = [knee[0] + (tip[0] - knee[0]) * part, knee[1] + (tip[1] - knee[1]) * part];
        const along = Math.atan2(tip[1] - knee[1], tip[0] - knee[0]);
        for (const wing of [-1, 1])
          leaves.push(
            leaf(
              at,
              along + wing * 0.75,
              size * 0.24 * (1.2 - part * 0.6),
              size * 0.03,
              colour,
              wing * 0.14,
              false,
            ),
          );
      }
    }
  },
  cactus: (random, { leaves }, size, pot) => {
    const colour = random.pick(["#5f8f5b", "#6fa07c", "#4c7a55"] as const);
    leaves.push(leaf([0, 4], -Math.PI / 2, size + 4, pot * 1.15, colour, 0));
    if (random.chance(0.75))
      leaves.push(leaf([pot * 0.3, -size * 0.4], -0.9, size * 0.46, pot * 0.6, shade(colour, 1.1), -0.18));
    if (random.chance(0.75))
      leaves.push(
        leaf([-pot * 0.3, -size * 0.26], Math.PI + 0.85, size * 0.38, pot * 0.56, shade(colour, 0.9), 0.18),
      );
    const tip: Point = [0, -size + 0.5];
    if (random.chance(0.6))
      for (let petal = 0; petal < 5; petal++)
        leaves.push(
          leaf(tip, -Math.PI / 2 + (petal - 2) * 0.5, size * 0.14, size * 0.07, "#e58aa0", 0, false),
        );
  },
  "olive tree": (random, { leaves, stems }, size) => {
    stems.push({
      line: polyline([
        [0, 2],
        [1.5, -size * 0.3],
        [-1, -size * 0.6],
      ]),
      width: size * 0.03,
      colour: "#8a7560",
    });
    for (let index = 0; index < 15; index++) {
      const angle = -Math.PI / 2 + ((index % 8) / 7 - 0.5) * 3.1;
      const from: Point = [0, -size * (0.46 + (index % 3) * 0.08)];
      const long = size * random.between(0.22, 0.4);
      const tip: Point = [from[0] + Math.cos(angle) * long, from[1] + Math.sin(angle) * long];
      stems.push({ line: polyline([from, tip]), width: size * 0.008, colour: "#8a7560" });
      for (let step = 1; step <= 5; step++) {
        const at: Point = [
          from[0] + (Math.cos(angle) * long * step) / 5,
          from[1] + (Math.sin(angle) * long * step) / 5,
        ];
        for (const wing of [-1, 1])
          leaves.push(
            leaf(
              at,
              angle + wing * random.between(0.5, 1.1),
              size * 0.085,
              size * 0.024,
              mix("#6f8660", "#b9c6a6", random.next()),
              0,
              false,
            ),
          );
      }
    }
  },
};
