/** Simulated people: a few tastes each, some of which come and go, a budget, and now and then bad intentions. */
import { type Category, FASHION_CATEGORIES, HOME_CATEGORIES } from "../design.ts";
import { deriveSeed, Random } from "../random.ts";
import { type HueName, STYLE_NAMES, STYLES, type StyleName } from "../styles.ts";

/** Days that the simulated people are watched. */
export const DAYS = 70;

/** What somebody likes together: these things, in these styles and colours. */
export interface Taste {
  readonly styles: readonly StyleName[];
  readonly categories: readonly Category[];
  readonly hues: readonly HueName[];
  /** How strong it is at its height, 0 … 1. */
  readonly strength: number;
  /** When it is at its height, and days to either side after which 61 % are left. Absent: it stays. */
  readonly season?: { readonly day: number; readonly span: number };
}

export interface Person {
  readonly id: string;
  readonly tastes: readonly Taste[];
  /** Styles that they hide. */
  readonly disliked: readonly StyleName[];
  /** What they pay without a thought, as a multiple of a category's middle price. */
  readonly budget: number;
  /** Adds to the log-odds of every action: some people act on much of what they see. */
  readonly eagerness: number;
  /** Lists of products that they see in all {@link DAYS}. */
  readonly slates: number;
  /** Clicks on everything, whatever it is. */
  readonly spammer: boolean;
}

export interface PeopleOptions {
  /** Any whole number. */
  readonly seed: number;
  readonly count: number;
}

const SPAMMERS = 0.01;

/** Tastes that come and go; the others stay. */
const SEASONAL = 0.6;

/** Lists that the person in the middle sees; their logarithm spreads by {@link SPREAD}. */
const MIDDLE_SLATES = 64;
const SPREAD = 0.45;
const LEAST_SLATES = 8;
const MOST_SLATES = 240;

/** People `person-0` … ; the same seed gives the same people, and a longer list begins with the shorter one. */
export function generatePeople({ seed, count }: PeopleOptions): Person[] {
  return Array.from({ length: count }, (_, number) => {
    const random = new Random(deriveSeed(seed, "person", number));
    const spammer = random.chance(SPAMMERS);
    const tastes = Array.from({ length: random.integer(2, 5) }, (_, at) => generateTaste(random, at > 0));
    const liked = new Set(tastes.flatMap(({ styles }) => styles));
    const slates = Math.round(MIDDLE_SLATES * Math.exp(SPREAD * normal(random)));
    return {
      id: `person-${number}`,
      tastes,
      disliked: random
        .shuffle(STYLE_NAMES.filter((style) => !liked.has(style)))
        .slice(0, random.integer(0, 2)),
      budget: 0.8 * Math.exp(0.45 * normal(random)),
      eagerness: 0.4 * normal(random),
      slates: Math.min(MOST_SLATES, Math.max(LEAST_SLATES, slates)),
      spammer,
    };
  });
}

function generateTaste(random: Random, maySeason: boolean): Taste {
  const styles = random.shuffle(STYLE_NAMES).slice(0, random.integer(1, 2));
  const hues = styles.flatMap((style) => [...STYLES[style].hues, ...STYLES[style].accents]);
  const department = random.chance(0.5) ? HOME_CATEGORIES : FASHION_CATEGORIES;
  const season = maySeason &&
    random.chance(SEASONAL) && { day: random.between(0, DAYS), span: random.between(5, 18) };
  return {
    styles,
    categories: random.shuffle<Category>(department).slice(0, random.integer(2, 5)),
    hues: [...new Set(random.shuffle(hues))].slice(0, random.integer(2, 4)),
    strength: random.between(0.4, 1),
    ...(season && { season }),
  };
}

/** How strong a taste is on a day, 0 … 1. */
export function strengthOn({ strength, season }: Taste, day: number): number {
  if (!season) return strength;
  return strength * Math.exp(-0.5 * ((day - season.day) / season.span) ** 2);
}

/** A draw from the standard normal distribution (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
