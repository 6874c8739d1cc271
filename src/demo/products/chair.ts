/** Chairs of every kind. */
import type { Design } from "../design.ts";
import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { cantilever, shell, upholstered } from "./modern-chairs.ts";
import { stool } from "./stool.ts";
import { ladder, spindle } from "./wooden-chairs.ts";

export function designChair(random: Random, style: Style): Design {
  return random.pick([spindle, shell, upholstered, ladder, cantilever, stool])(random, style);
}
