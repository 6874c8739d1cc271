/** Products of the showroom: a picture, a name, a price and attributes that agree with each other. */
import type { Hex } from "./colour.ts";
import { CATEGORIES, type Category, type Design, FASHION_CATEGORIES } from "./design.ts";
import { present } from "./present.ts";
import { FAMILIES } from "./products/families.ts";
import { deriveSeed, Random } from "./random.ts";
import { STYLE_NAMES, STYLES, type StyleName } from "./styles.ts";

export interface Product {
  /** `showroom-…`; the same seed and place give the same id. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly category: Category;
  readonly style: StyleName;
  /** Euros. */
  readonly price: number;
  /** Always `style`, `colour`, `material` and `pattern`; more by category. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /** The first picture. */
  readonly svg: string;
  /** From which the design follows, with category and style. */
  readonly seed: number;
  /** The main colour as drawn. */
  readonly hex: Hex;
}

export interface GenerateOptions {
  /** Any whole number. */
  readonly seed: number;
  readonly count: number;
}

/** The products that a first start sells, and that the page's scenes are made of. */
export const SHOWROOM: GenerateOptions = { seed: 1, count: 300 };

/** Draws `count` products: every category in turn, in styles at random. The same seed gives the same products. */
export function generateProducts({ seed, count }: GenerateOptions): Product[] {
  return Array.from({ length: count }, (_, index) => generateProduct(seed, index));
}

function generateProduct(seed: number, index: number): Product {
  const category = CATEGORIES[index % CATEGORIES.length]!;
  const own = deriveSeed(seed, category, index);
  const random = new Random(deriveSeed(own, "name"));
  const style = STYLES[random.pick(STYLE_NAMES)];
  const design = FAMILIES[category](new Random(own), style);
  const series = random.pick(style.series);
  const noun = design.noun.trim();
  const print = design.pattern === "plain" ? "" : `${design.pattern} `;
  const cloth =
    design.colour.name === design.material ? design.material : `${design.colour.name} ${design.material}`;
  return {
    id: `showroom-${category}-${(own >>> 0).toString(36)}`,
    title:
      category === "plant" ? `${series} ${noun} in ${a(cloth)} pot` : `${series} ${noun} in ${print}${cloth}`,
    description: describe(design, style.name, style.mood),
    category,
    style: style.name,
    price: design.price - (random.chance(0.5) ? 0.05 : 0),
    attributes: {
      style: style.name,
      colour: design.colour.name,
      material: design.material,
      pattern: design.pattern,
      type: noun,
      department: (FASHION_CATEGORIES as readonly string[]).includes(category) ? "fashion" : "home",
      ...design.attributes,
    },
    svg: picture(own, category, style.name, 0, design),
    seed: own,
    hex: design.colour.hex,
  };
}

function describe(design: Design, style: StyleName, mood: string): string {
  const [first = "", ...others] = design.details;
  const print = design.pattern === "plain" ? "" : ` with a ${design.pattern} pattern`;
  const made =
    design.colour.name === design.material ? design.material : `${design.colour.name} ${design.material}`;
  const whole = design.attributes.pot_material === undefined ? `${made}${print}` : `${a(made)} pot`;
  const sentences = [`${capital(article(design.noun.trim()))} in ${whole}`];
  if (first) sentences.push(capital([first, ...others].join("; ")));
  sentences.push(`${capital(style)}: ${mood}`);
  return `${sentences.join(". ")}.`;
}

/** Nouns that name more than one thing take no article. */
function article(noun: string): string {
  const last = noun.split(" ").at(-1)!;
  if (/(s|glasses)$/.test(last) && !/(ss|dress|glass)$/.test(last)) return noun;
  return a(noun);
}

function a(words: string): string {
  return `${/^[aeiouéèà]/i.test(words) ? "an" : "a"} ${words}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The design that a product was made from. */
export function designOf({ seed, category, style }: Pick<Product, "seed" | "category" | "style">): Design {
  return FAMILIES[category](new Random(seed), STYLES[style]);
}

/**
 * Another picture of the same product: from another angle, before another background, in other light.
 *
 * @param view 0 is the product's own picture; every other whole number is another one
 */
export function drawView(product: Pick<Product, "seed" | "category" | "style">, view: number): string {
  return picture(product.seed, product.category, product.style, view, designOf(product));
}

function picture(seed: number, category: Category, style: StyleName, view: number, design: Design): string {
  return present(design, category, STYLES[style], new Random(deriveSeed(seed, "view", view)));
}
