/** The logging policy: which products a list shows. Simple on purpose, with enough chance in it to learn from. */
import type { Category } from "../design.ts";
import type { Product } from "../products.ts";
import { deriveSeed, Random } from "../random.ts";
import type { StyleName } from "../styles.ts";
import type { Memory } from "./memory.ts";
import { normal, type Taste } from "./person.ts";
import type { Similar } from "./similar.ts";

export const SURFACES = ["feed", "search", "board", "item"] as const;
export type Surface = (typeof SURFACES)[number];

const LEAST = 8;
const MOST = 24;

/** Tries to find a product that is not in the list yet; a small catalogue has no more. */
const TRIES = 60;

/** What the policy knows of the catalogue. */
export class Shelves {
  readonly products: readonly Product[];
  /** What everybody sees in a product: adds to the log-odds of every action. */
  readonly quality: Float64Array;
  readonly #similar: Similar;
  readonly #byCategory: ReadonlyMap<Category, readonly number[]>;
  readonly #byStyle: ReadonlyMap<StyleName, readonly number[]>;
  readonly #popular: readonly number[];

  constructor(products: readonly Product[], seed: number, similar: Similar) {
    this.products = products;
    this.quality = Float64Array.from(products, ({ id }) =>
      normal(new Random(deriveSeed(seed, "quality", id))),
    );
    this.#similar = similar;
    const all = products.map((_, at) => at).sort((a, b) => this.quality[b]! - this.quality[a]! || a - b);
    this.#popular = all;
    this.#byCategory = grouped(all, (at) => products[at]!.category);
    this.#byStyle = grouped(all, (at) => products[at]!.style);
  }

  /** One list, its first product at the top; no product twice. */
  slate(surface: Surface, taste: Taste, memory: Memory, random: Random): number[] {
    const length = Math.min(random.integer(LEAST, MOST), this.products.length);
    const one = { feed: this.#feed, search: this.#search, board: this.#board, item: this.#item }[surface];
    const topic = random.pick(surface === "search" ? taste.categories : taste.styles);
    const chosen = new Set<number>();
    for (let tries = length * TRIES; chosen.size < length && tries > 0; tries--) {
      const product = one.call(this, { topic, memory, random });
      if (!memory.hasHidden(product)) chosen.add(product);
    }
    return [...chosen];
  }

  #feed(draw: Draw): number {
    const { random } = draw;
    const chance = random.next();
    if (chance < 0.3) return popular(this.#popular, random);
    if (chance < 0.75) return this.#likeRecent(draw);
    return this.#any(random);
  }

  #search({ topic, random }: Draw): number {
    const found = this.#byCategory.get(topic as Category);
    return found && random.chance(0.85) ? popular(found, random) : this.#any(random);
  }

  #board({ topic, random }: Draw): number {
    const found = this.#byStyle.get(topic as StyleName);
    return found && random.chance(0.7) ? random.pick(found) : this.#any(random);
  }

  #item({ memory, random }: Draw): number {
    const [latest] = memory.liked;
    if (!latest || random.chance(0.2)) return this.#any(random);
    return near(this.#similar(latest.product), random) ?? this.#any(random);
  }

  #likeRecent({ memory, random }: Draw): number {
    if (memory.liked.length === 0) return popular(this.#popular, random);
    return near(this.#similar(random.pick(memory.liked).product), random) ?? this.#any(random);
  }

  #any(random: Random): number {
    return random.integer(0, this.products.length - 1);
  }
}

interface Draw {
  readonly topic: Category | StyleName;
  readonly memory: Memory;
  readonly random: Random;
}

function grouped<Key>(all: readonly number[], keyOf: (product: number) => Key): Map<Key, number[]> {
  const groups = new Map<Key, number[]>();
  for (const product of all) {
    const key = keyOf(product);
    const group = groups.get(key);
    if (group) group.push(product);
    else groups.set(key, [product]);
  }
  return groups;
}

/** The better, the more often: the density falls with the square root of the rank. */
function popular(ranked: readonly number[], random: Random): number {
  return ranked[Math.floor(ranked.length * random.next() ** 2)]!;
}

function near(similar: readonly number[], random: Random): number | undefined {
  return similar[Math.floor(similar.length * random.next() ** 2)];
}
