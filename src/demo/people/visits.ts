/** The visits of one person over all days: which lists they see, and what they do. */
import type { Product } from "../products.ts";
import { deriveSeed, Random } from "../random.ts";
import { type Appeal, appealOn } from "./appeal.ts";
import { type Act, actOn } from "./behaviour.ts";
import { Memory } from "./memory.ts";
import { DAYS, type Person, strengthOn } from "./person.ts";
import type { Shelves, Surface } from "./policy.ts";

export interface Acted {
  readonly position: number;
  readonly act: Act;
  /** Milliseconds after the list was shown. */
  readonly after: number;
}

/** A list that somebody saw. */
export interface Slate {
  readonly person: Person;
  /** Counts the person's lists. */
  readonly number: number;
  /** Milliseconds since the first day began. */
  readonly at: number;
  readonly surface: Surface;
  /** Places in the catalogue, the top first. */
  readonly products: readonly number[];
  /** In the order of `after`. */
  readonly acts: readonly Acted[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Lists of one visit, at most. */
const LONGEST_VISIT = 6;

/** How often a visit goes on with what the one before was about. */
const FAITHFUL = 0.45;

/** What was liked within this time still leads people on. */
const LATELY_MS = 30 * MINUTE_MS;
const LATELY = 4;

/** Milliseconds that a place of a list takes to be passed, and between two actions on one product. */
const PASSING_MS = 1_500;
const BETWEEN_MS = 4_000;

/** All lists of a person, the first first. */
export function visitsOf(person: Person, shelves: Shelves, appeal: Appeal, seed: number): Slate[] {
  const random = new Random(deriveSeed(seed, person.id, "visits"));
  const matches = appeal.matches(person);
  const memory = new Memory();
  const slates: Slate[] = [];
  let intent = 0;
  for (const { at: begin, lists } of schedule(person.slates, random)) {
    const day = begin / DAY_MS;
    if (slates.length === 0 || !random.chance(FAITHFUL)) intent = drawIntent(person, day, random);
    const appealOf = appealOn(person, matches, day, intent);
    let at = begin;
    for (let list = 0; list < lists; list++) {
      const surface = drawSurface(memory, at, random);
      const products = shelves.slate(surface, person.tastes[intent]!, memory, random);
      const acts: Acted[] = [];
      let lately = likedLately(memory, shelves, at);
      for (const [position, number] of products.entries()) {
        const product = shelves.products[number]!;
        const now = at + position * PASSING_MS;
        const appeal = appealOf(number);
        const quality = shelves.quality[number]!;
        const look = { person, product, number, position, appeal, quality, lately, memory, day };
        const taken = actOn(look, random);
        memory.show(number);
        for (const [order, act] of taken.entries()) {
          acts.push({
            position,
            act,
            after: position * PASSING_MS + order * BETWEEN_MS + random.integer(200, 1_200),
          });
          if (act === "save") memory.save(number);
          if (act === "purchase") memory.buy(product.category, day);
          if (act === "hide") memory.hide(number);
        }
        if (taken.length === 0 || taken.includes("hide")) continue;
        memory.like(number, now);
        lately = likedLately(memory, shelves, now);
      }
      acts.sort((a, b) => a.after - b.after);
      slates.push({ person, number: slates.length, at, surface, products, acts });
      at += products.length * PASSING_MS + random.integer(15_000, 90_000);
    }
  }
  return slates;
}

/** The latest products that still lead somebody on. */
function likedLately(memory: Memory, { products }: Shelves, now: number): Product[] {
  const lately = memory.liked.filter(({ at }) => now - at < LATELY_MS);
  return lately.slice(0, LATELY).map(({ product }) => products[product]!);
}

/** Visits in the order of time, none while another goes on. */
function schedule(slates: number, random: Random): { at: number; lists: number }[] {
  const lists: number[] = [];
  for (let left = slates; left > 0; left -= lists.at(-1)!) {
    lists.push(Math.min(left, random.integer(1, LONGEST_VISIT)));
  }
  const starts = lists.map(() => {
    // Between seven in the morning and eleven at night, more in the evening.
    const hour = 7 + 16 * Math.sqrt(random.next());
    return Math.floor(random.integer(0, DAYS - 1) * DAY_MS + hour * HOUR_MS);
  });
  starts.sort((a, b) => a - b);
  for (let at = 1; at < starts.length; at++) {
    starts[at] = Math.max(starts[at]!, starts[at - 1]! + lists[at - 1]! * 3 * MINUTE_MS);
  }
  return starts.map((at, visit) => ({ at, lists: lists[visit]! }));
}

/** Which taste a visit is about: the stronger that day, the more often. */
function drawIntent({ tastes }: Person, day: number, random: Random): number {
  const weights = tastes.map((taste) => strengthOn(taste, day));
  let rest = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return Math.max(0, found);
}

function drawSurface(memory: Memory, at: number, random: Random): Surface {
  const [latest] = memory.liked;
  if (latest && at - latest.at < LATELY_MS && random.chance(0.25)) return "item";
  const chance = random.next();
  if (chance < 0.72) return "feed";
  return chance < 0.88 ? "search" : "board";
}
