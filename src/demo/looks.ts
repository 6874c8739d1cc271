/** The showroom's categories by the names of Shop the Look: what a detector is asked to see in its scenes. */
import type { Category } from "./design.ts";

/** A category that stands for something else here, or for nothing that is looked for; the others keep their name. */
const OTHER_NAMES: Partial<Record<Category, string | undefined>> = {
  armchair: "chair",
  shirt: "top",
  coat: "outerwear",
  boots: "shoes",
  scarf: "accessory",
  rug: undefined,
  mug: undefined,
  cushion: undefined,
  shelf: undefined,
  mirror: undefined,
};

/** @returns the category under which Shop the Look knows it, or nothing when it does not look for such things */
export function lookOf(category: Category): string | undefined {
  return category in OTHER_NAMES ? OTHER_NAMES[category] : category;
}
