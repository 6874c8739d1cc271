/** What a simulated person does with one product of a list. */
import type { Product } from "../products.ts";
import type { Random } from "../random.ts";
import type { Memory } from "./memory.ts";
import type { Person } from "./person.ts";

/** Actions that simulated people take, as events name them. */
export type Act = "click" | "closeup" | "save" | "hide" | "purchase";

export interface Look {
  readonly person: Person;
  readonly product: Product;
  /** Its place in the catalogue. */
  readonly number: number;
  /** 0 is the top of the list. */
  readonly position: number;
  /** 0 … 1, see `appealOn`. */
  readonly appeal: number;
  /** See `Shelves.quality`. */
  readonly quality: number;
  /** What was liked within the last half hour, the latest first. */
  readonly lately: readonly Product[];
  readonly memory: Memory;
  readonly day: number;
}

/** Chance that a place is looked at: 1 / (1 + slope · position). */
const POSITION_SLOPE = 0.07;

/** Log-odds of looking closer at what appeals to nobody, and what full appeal adds. */
const CLOSER = -4.6;
const CLOSER_BY_APPEAL = 8.5;

/** Who has just looked at things of this kind and style looks on. */
const MOMENTUM = 0.7;
const TIRED_OF = -0.45;
const MOST_TIRED = 4;

/** Days during which nobody buys a second thing of a kind. */
const SATED_DAYS = 14;
const SATED = -1.8;

/** Share of what it shows that a spammer clicks. */
const SPAM = 0.92;

/** The actions, in the order in which they are taken; none for most products. */
export function actOn(look: Look, random: Random): Act[] {
  const { person, product, appeal, memory, day } = look;
  if (person.spammer) {
    return (["closeup", "click", "save"] as const).filter((_, at) => random.chance(SPAM / (1 + at * at)));
  }
  if (!random.chance(1 / (1 + POSITION_SLOPE * look.position))) return [];
  const interest = interestIn(look);
  const acts: Act[] = [];
  const looked = random.chance(sigmoid(interest));
  if (looked) acts.push("closeup");
  if (random.chance(sigmoid(looked ? -0.5 + 2 * appeal : interest - 1.2))) acts.push("click");
  if (random.chance(sigmoid(looked ? -2.1 + 3.4 * appeal : interest - 1.6))) acts.push("save");
  const known = memory.hasSaved(look.number) ? 1.4 : 0;
  const sated = memory.daysSinceBought(product.category, day) < SATED_DAYS ? SATED : 0;
  if (looked && random.chance(sigmoid(-4.4 + 3.2 * appeal + known + sated))) acts.push("purchase");
  const repelled = person.disliked.includes(product.style) ? 2.6 : 0;
  if (acts.length === 0 && random.chance(sigmoid(-5.2 - 4 * appeal + repelled))) acts.push("hide");
  return acts;
}

function interestIn({ person, product, number, appeal, quality, lately, memory, day }: Look): number {
  const again = lately.filter(
    ({ category, style }) => category === product.category && style === product.style,
  ).length;
  const sated = memory.daysSinceBought(product.category, day) < SATED_DAYS ? SATED : 0;
  return (
    CLOSER +
    CLOSER_BY_APPEAL * appeal +
    0.35 * quality +
    person.eagerness +
    MOMENTUM * Math.min(2, again) +
    TIRED_OF * Math.min(MOST_TIRED, memory.timesShown(number)) +
    sated
  );
}

function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
