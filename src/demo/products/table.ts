/** Tables of every kind. */
import type { Design } from "../design.ts";
import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { desk } from "./desk.ts";
import { dining, pedestal } from "./dining-tables.ts";
import { coffee, nest, side } from "./low-tables.ts";

export function designTable(random: Random, style: Style): Design {
  return random.pick([dining, pedestal, coffee, nest, desk, side])(random, style);
}
