/** Pendant lamps. */
import { type Design, made } from "../design.ts";
import type { Node } from "../outline.ts";
import type { Random } from "../random.ts";
import { lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import type { Style } from "../styles.ts";
import { coloured, metal, type Named } from "../textile.ts";

export function pendant(random: Random, style: Style): Design {
  const woven = random.chance(0.3);
  const named: Named = woven
    ? {
        material: { kind: "rattan", colour: "#cfa871" },
        name: "rattan",
        colour: { name: "beige", hex: "#cfa871" },
        pattern: "plain",
      }
    : random.chance(0.5)
      ? metal(random, style)
      : coloured(random, style, [
          ["enamel", "plastic"],
          ["glass", "glass"],
        ]);
  const r = random.between(18, 30);
  const form = random.pick(["dome", "bell", "saucer", "drop", "cylinder"] as const);
  const profiles: Record<typeof form, Node[]> = {
    dome: [
      [r, 0, 1],
      [r * 0.92, r * 0.4],
      [r * 0.5, r * 0.8],
      [2.5, r * 0.95, 1],
      [2.5, r * 1.1, 1],
    ],
    bell: [
      [r, 0],
      [r * 0.62, r * 0.34],
      [r * 0.42, r * 0.9],
      [2.5, r * 1.25, 1],
    ],
    saucer: [
      [r * 1.1, 0, 1],
      [r * 0.95, r * 0.16],
      [r * 0.3, r * 0.36],
      [2.5, r * 0.62, 1],
    ],
    drop: [
      [r * 0.3, 0, 1],
      [r * 0.72, r * 0.4],
      [r * 0.6, r * 0.95],
      [2.5, r * 1.6, 1],
    ],
    cylinder: [
      [r * 0.5, 0, 1],
      [r * 0.5, r * 1.3, 1],
      [2.5, r * 1.4, 1],
    ],
  };
  const top = profiles[form].at(-1)![1];
  return {
    noun: "pendant lamp",
    ...made(named),
    details: [`a ${form} of ${named.name} on a cord`],
    price: Math.round(random.between(45, 320)),
    attributes: { diameter_cm: Math.round(r * 2), shade: form },
    mount: "ceiling",
    solids: [
      rod([0, top - 1, 0], [0, top + 46, 0], 0.4, 0.4, { kind: "plastic", colour: "#2c2a2c" }),
      lathe([0, 0, 0], profiles[form], named.material),
    ],
  };
}
