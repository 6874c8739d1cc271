import type { Material } from "../material.ts";
import { type Node, symmetric } from "../outline.ts";

export const GOLD: Material = { kind: "metal", colour: "#c9a353" };

/** A handle: the space between two arches. */
export function arch(half: number, rise: number, thick: number, base: number): Node[] {
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
