import type { Vector } from "../geometry.ts";
import type { Material } from "../material.ts";
import { rod } from "../solids/rod.ts";
import type { Solid } from "../solids/solid.ts";

/** Four legs under a seat of width × depth, splayed outwards by `splay` centimetres. */
export function fourLegs(
  width: number,
  depth: number,
  height: number,
  splay: number,
  radius: number,
  material: Material,
): Solid[] {
  return [-1, 1].flatMap((side) =>
    [-1, 1].map((front) => {
      const top: Vector = [(side * width) / 2, height, (front * depth) / 2];
      const foot: Vector = [top[0] + side * splay, 0, top[2] + front * splay];
      return rod(foot, top, radius * 0.62, radius, material);
    }),
  );
}
