/** Choosing colours, cloth and hard materials that suit a style. */
import { distance, mix, shade } from "./colour.ts";
import type { Material, MaterialKind } from "./material.ts";
import type { Pattern, Print } from "./motif.ts";
import type { Random } from "./random.ts";
import { type Colour, hue, METALS, type Style, WOODS } from "./styles.ts";

/** A material with the words for it. */
export interface Named {
  readonly material: Material;
  /** Such as "linen" or "walnut". */
  readonly name: string;
  readonly colour: Colour;
  readonly pattern: Pattern | "plain";
}

export interface ClothOptions {
  readonly kinds: readonly (readonly [name: string, kind: MaterialKind])[];
  /** Centimetres of one repeat of a print. */
  readonly repeat: number;
  /** Overrides the style's share of printed cloth. */
  readonly printed?: number;
  readonly prints?: readonly Pattern[];
}

export const UPHOLSTERY: ClothOptions["kinds"] = [
  ["linen", "weave"],
  ["wool", "weave"],
  ["bouclé", "boucle"],
  ["velvet", "velvet"],
  ["leather", "leather"],
];

/** Leather comes in the colours that hides are dyed in. */
const LEATHER_HUES = ["caramel", "chocolate", "black", "camel", "burgundy", "forest", "ivory"] as const;

export function cloth(random: Random, style: Style, { kinds, repeat, printed, prints }: ClothOptions): Named {
  const [name, kind] = random.pick(kinds);
  const colour = hue(random.pick(kind === "leather" ? LEATHER_HUES : style.hues));
  const printable = kind === "weave" || kind === "silk" || kind === "plastic" || kind === "paper";
  const chosen = prints ?? style.prints;
  if (!printable || chosen.length === 0 || !random.chance(printed ?? style.printed)) {
    return { material: { kind, colour: colour.hex }, name, colour, pattern: "plain" };
  }
  const pattern = random.pick(chosen);
  const print: Print = {
    pattern,
    ground: colour.hex,
    ink: inkFor(random, style, colour),
    accent: inkFor(random, style, colour),
    repeat: repeat * random.between(0.75, 1.35),
    angle:
      pattern === "striped" ? random.pick([0, 0, 90]) : pattern === "checked" ? random.pick([0, 0, 45]) : 0,
  };
  return { material: { kind, colour: colour.hex, print }, name, colour, pattern };
}

/** A colour of the style that shows on the ground. */
function inkFor(random: Random, style: Style, ground: Colour) {
  for (let attempt = 0; attempt < 6; attempt++) {
    const ink = hue(random.pick(attempt % 2 ? style.hues : style.accents)).hex;
    if (distance(ink, ground.hex) > 0.16) return mix(ink, ground.hex, 0.08);
  }
  return shade(ground.hex, 0.45);
}

export function wood(random: Random, style: Style): Named {
  const name = random.pick(style.woods);
  return {
    material: { kind: "wood", colour: WOODS[name] },
    name,
    colour: { name, hex: WOODS[name] },
    pattern: "plain",
  };
}

export function metal(random: Random, style: Style): Named {
  const name = random.pick(style.metals);
  return {
    material: { kind: "metal", colour: METALS[name] },
    name,
    colour: { name, hex: METALS[name] },
    pattern: "plain",
  };
}

/** Something glazed, cast or blown, in one of the style's colours. */
export function coloured(random: Random, style: Style, kinds: ClothOptions["kinds"], accent = 0.4): Named {
  const [name, kind] = random.pick(kinds);
  const colour = hue(random.pick(random.chance(accent) ? style.accents : style.hues));
  return { material: { kind, colour: colour.hex }, name, colour, pattern: "plain" };
}
