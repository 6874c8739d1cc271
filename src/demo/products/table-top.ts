import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { type Named, wood } from "../textile.ts";

const STONES = [
  { name: "white marble", hex: "#e9e6e1" },
  { name: "green marble", hex: "#3f5f52" },
  { name: "travertine", hex: "#d8c6a8" },
  { name: "black marble", hex: "#2c2b2f" },
] as const;

export function topMaterial(random: Random, style: Style): Named {
  if (!random.chance(0.22)) return wood(random, style);
  const stone = random.pick(STONES);
  return {
    material: { kind: "stone", colour: stone.hex },
    name: stone.name,
    colour: stone,
    pattern: "plain",
  };
}
