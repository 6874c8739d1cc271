import type { Vector } from "../geometry.ts";
import type { Node } from "../outline.ts";
import type { Random } from "../random.ts";
import { lathe } from "../solids/lathe.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { cloth, type Named } from "../textile.ts";

interface Shade {
  readonly solid: Solid;
  readonly named: Named;
  readonly form: string;
}

/** A shade whose lower edge is at `base`. */
export function fabricShade(random: Random, style: Style, base: Vector, radius: number): Shade {
  const named = cloth(random, style, {
    kinds: [
      ["linen", "weave"],
      ["cotton", "weave"],
      ["paper", "paper"],
    ],
    repeat: 9,
    printed: style.printed * 0.5,
  });
  const form = random.pick(["drum", "cone", "bell", "pleated"] as const);
  const height = radius * random.between(0.9, 1.5);
  const profiles: Record<typeof form, Node[]> = {
    drum: [
      [radius, 0, 1],
      [radius * 0.94, height, 1],
    ],
    cone: [
      [radius, 0, 1],
      [radius * 0.5, height, 1],
    ],
    bell: [
      [radius * 1.04, 0],
      [radius * 0.74, height * 0.4],
      [radius * 0.56, height, 1],
    ],
    pleated: [
      [radius, 0, 1],
      [radius * 0.68, height, 1],
    ],
  };
  const solid = lathe(base, profiles[form], named.material, {
    hollow: true,
    glowing: true,
    inside: "#ffe9b8",
    opacity: 0.75,
    ...(form === "pleated" ? { flutes: 18 } : {}),
  });
  return { solid, named, form };
}
