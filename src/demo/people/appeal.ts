/** How much a product appeals to somebody: the truth behind what simulated people do. */
import { distance, type Hex } from "../colour.ts";
import { type Category, FASHION_CATEGORIES } from "../design.ts";
import type { Product } from "../products.ts";
import { type HueName, hue } from "../styles.ts";
import { type Person, strengthOn, type Taste } from "./person.ts";

/** What is left of a taste that is not on somebody's mind in this visit. */
const ASIDE = 0.4;

/** Share of a match by category: one of the taste's own, one of the same department, any other. */
const IN_DEPARTMENT = 0.15;
const ELSEWHERE = 0.02;

/** Distance (OKLab) at which a colour counts e⁻¹. */
const COLOUR_WIDTH = 0.12;

/** How fast appeal falls with the logarithm of the price above the budget. */
const PRICE_PAIN = 1.2;

/** What a visit sees in a product, given the tastes as they are that day. */
export type AppealOf = (product: number) => number;

/** The appeal of all products of a catalogue; what all people share is computed once. */
export class Appeal {
  readonly #products: readonly Product[];
  /** A product's price over the middle one of its category. */
  readonly #ratios: Float64Array;
  readonly #closeness = new Map<HueName, Float64Array>();

  constructor(products: readonly Product[]) {
    this.#products = products;
    const middle = new Map<Category, number>();
    for (const { category } of products) {
      if (middle.has(category)) continue;
      const prices = products.filter((one) => one.category === category).map(({ price }) => price);
      middle.set(category, prices.sort((a, b) => a - b)[prices.length >> 1]!);
    }
    this.#ratios = Float64Array.from(products, ({ price, category }) => price / middle.get(category)!);
  }

  /** How well each product fits each taste of a person, 0 … 1, price included: tastes×products. */
  matches({ tastes, budget }: Person): Float64Array[] {
    return tastes.map((taste) => {
      const match = this.#match(taste);
      for (let at = 0; at < match.length; at++) {
        match[at]! *= Math.exp(-PRICE_PAIN * Math.max(0, Math.log(this.#ratios[at]! / (budget * 1.5))));
      }
      return match;
    });
  }

  #match({ styles, categories, hues }: Taste): Float64Array {
    const closeness = hues.map((name) => this.#closenessTo(name));
    const departments = new Set(categories.map(departmentOf));
    return Float64Array.from(this.#products, ({ style, category }, at) => {
      const near = departments.has(departmentOf(category)) ? IN_DEPARTMENT : ELSEWHERE;
      const kind = categories.includes(category) ? 1 : near;
      const colour = closeness.reduce((best, one) => Math.max(best, one[at]!), 0);
      return kind * (0.25 + 0.45 * (styles.includes(style) ? 1 : 0.1) + 0.3 * colour);
    });
  }

  #closenessTo(name: HueName): Float64Array {
    let known = this.#closeness.get(name);
    if (!known) {
      const liked: Hex = hue(name).hex;
      known = Float64Array.from(this.#products, ({ hex }) =>
        Math.exp(-((distance(liked, hex) / COLOUR_WIDTH) ** 2)),
      );
      this.#closeness.set(name, known);
    }
    return known;
  }
}

/**
 * Appeal in one visit, 0 … 1: any taste may be the reason, and what is on somebody's mind counts most.
 * @param matches of {@link Appeal.matches}
 * @param intent index of the taste that the visit is about
 */
export function appealOn(
  { tastes }: Person,
  matches: readonly Float64Array[],
  day: number,
  intent: number,
): AppealOf {
  const weights = tastes.map((taste, at) => (at === intent ? 1 : ASIDE) * Math.sqrt(strengthOn(taste, day)));
  return (product) => {
    let left = 1;
    for (let at = 0; at < weights.length; at++) left *= 1 - weights[at]! * matches[at]![product]!;
    return 1 - left;
  };
}

function departmentOf(category: Category): "home" | "fashion" {
  return (FASHION_CATEGORIES as readonly Category[]).includes(category) ? "fashion" : "home";
}
