/** Shelves and sideboards of every kind. */
import type { Design } from "../design.ts";
import type { Random } from "../random.ts";
import type { Style } from "../styles.ts";
import { cabinet } from "./sideboard.ts";
import { bookcase, etagere, ladder } from "./standing-shelves.ts";
import { wallShelf } from "./wall-shelf.ts";

export function designShelf(random: Random, style: Style): Design {
  return random.pick([bookcase, bookcase, etagere, ladder, wallShelf, cabinet])(random, style);
}
