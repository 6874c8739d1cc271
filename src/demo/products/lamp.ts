/** Lamps of every kind. */
import type { Design } from "../design.ts";
import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { arc, tripod } from "./floor-lamps.ts";
import { pendant } from "./pendant.ts";
import { globe, task, turned } from "./table-lamps.ts";

export function designLamp(random: Random, style: Style): Design {
  return random.pick([tripod, arc, turned, turned, pendant, task, globe])(random, style);
}
