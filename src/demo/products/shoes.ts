import type { Design } from "../design.ts";
import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { loafers } from "./loafers.ts";
import { pumps } from "./pumps.ts";
import { flats, sandals } from "./sandals.ts";
import { sneakers } from "./sneakers.ts";

export function designShoes(random: Random, style: Style): Design {
  return random.pick([sneakers, sneakers, pumps, loafers, sandals, flats])(random, style);
}
