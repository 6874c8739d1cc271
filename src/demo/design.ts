/** What a product family hands out: a thing made of solids, with the facts that its name and description are made of. */
import type { Random } from "./random.ts";
import type { Solid } from "./solids/solid.ts";
import type { Colour, Style } from "./styles.ts";
import type { Named } from "./textile.ts";

export const HOME_CATEGORIES = [
  "chair",
  "armchair",
  "sofa",
  "table",
  "bed",
  "lamp",
  "vase",
  "plant",
  "rug",
  "mug",
  "cushion",
  "shelf",
  "clock",
  "mirror",
  "curtain",
] as const;

export const FASHION_CATEGORIES = [
  "dress",
  "top",
  "shirt",
  "coat",
  "trousers",
  "skirt",
  "shorts",
  "shoes",
  "boots",
  "bag",
  "hat",
  "glasses",
  "scarf",
] as const;

export const CATEGORIES = [...HOME_CATEGORIES, ...FASHION_CATEGORIES] as const;

export type Category = (typeof CATEGORIES)[number];

/** Where a thing belongs: that decides its background, its shadow and its place in a scene. */
export type Mount = "floor" | "table" | "wall" | "ceiling" | "lying" | "hanging";

export interface Design {
  /** The kind within its category, such as "spindle chair". */
  readonly noun: string;
  readonly colour: Colour;
  readonly material: string;
  readonly pattern: string;
  /** Sentences about what can be seen, without the full stop. */
  readonly details: readonly string[];
  /** Whole euros. */
  readonly price: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly mount: Mount;
  readonly solids: readonly Solid[];
}

/** Draws one design at random; everything about it follows from `random` and the style. */
export type Designer = (random: Random, style: Style) => Design;

/** The facts that follow from the main material. */
export function made(of: Named): Pick<Design, "colour" | "material" | "pattern"> {
  return { colour: of.colour, material: of.name, pattern: of.pattern };
}
