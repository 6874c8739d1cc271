/** Boards of the showroom: what somebody with a room, a wardrobe or a colour in mind would have put together. */
import type { Category } from "./design.ts";
import type { Product } from "./products.ts";
import { deriveSeed, Random } from "./random.ts";
import { STYLE_NAMES, type StyleName } from "./styles.ts";

export interface ShowroomBoard {
  /** `showroom-…`; the same for the same products. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Ids of products, in no order of merit. */
  readonly items: readonly string[];
}

/** Things for a place or an occasion, in styles that one person may like. */
interface Theme {
  readonly title: string;
  readonly description: string;
  readonly categories: readonly Category[];
  readonly styles: readonly StyleName[];
}

const THEMES: readonly Theme[] = [
  {
    title: "A corner to read in",
    description: "Something soft to sit in, a good light, and room for the books.",
    categories: ["armchair", "lamp", "shelf", "cushion", "rug", "plant"],
    styles: ["scandinavian", "mid-century", "japandi", "classic"],
  },
  {
    title: "Sunday breakfast",
    description: "A table for six, mugs that may be mixed, something green.",
    categories: ["table", "chair", "mug", "vase", "plant", "lamp"],
    styles: ["scandinavian", "coastal", "pop", "boho"],
  },
  {
    title: "The quiet bedroom",
    description: "Few things, all of them calm.",
    categories: ["bed", "curtain", "lamp", "rug", "cushion", "mirror"],
    styles: ["minimal", "japandi", "scandinavian", "coastal"],
  },
  {
    title: "A hall that welcomes",
    description: "Where coats go, and a last look before leaving.",
    categories: ["mirror", "clock", "rug", "lamp", "shelf", "coat", "hat"],
    styles: ["industrial", "classic", "art deco", "mid-century"],
  },
  {
    title: "Weekend by the sea",
    description: "What fits into one bag.",
    categories: ["dress", "shorts", "top", "hat", "glasses", "bag", "shoes"],
    styles: ["coastal", "boho", "pop"],
  },
  {
    title: "An evening out",
    description: "To be looked at, and to dance in.",
    categories: ["dress", "skirt", "shoes", "bag", "coat", "shirt"],
    styles: ["art deco", "classic", "pop", "mid-century"],
  },
  {
    title: "Walks in November",
    description: "Wool, leather, and pockets.",
    categories: ["coat", "boots", "scarf", "hat", "trousers", "bag"],
    styles: ["industrial", "scandinavian", "classic", "minimal"],
  },
];

/** Words of colour names that go together. */
const COLOURS: Readonly<Record<string, readonly string[]>> = {
  "Shades of green": ["sage", "olive", "forest", "emerald", "mint", "lime"],
  "Blue hour": ["navy", "denim", "sky", "petrol", "teal", "turquoise"],
  "Earth and clay": ["terracotta", "rust", "caramel", "camel", "chocolate", "apricot"],
  "Pinks and plums": ["rose", "pink", "blush", "plum", "burgundy", "lilac"],
};

/** Items of a board at most: what one page shows. */
const MAX_ITEMS = 24;

/** Fewer are no board. */
const MIN_ITEMS = 4;

/** A home and a wardrobe in each style, rooms and occasions across styles, and colours across everything. */
export function generateBoards(products: readonly Product[], seed = 1): ShowroomBoard[] {
  const board = (title: string, description: string, fits: (product: Product) => boolean): ShowroomBoard => {
    const id = `showroom-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
    const items = products.filter(fits).map((product) => product.id);
    return {
      ...{ id, title, description },
      items: new Random(deriveSeed(seed, id)).shuffle(items).slice(0, MAX_ITEMS),
    };
  };
  const styles = STYLE_NAMES.flatMap((style) =>
    (["home", "wardrobe"] as const).map((what) => {
      const department = what === "home" ? "home" : "fashion";
      return board(
        `${style[0]!.toUpperCase()}${style.slice(1)} ${what}`,
        what === "home" ? `Rooms in one style: ${style}.` : `Clothes in one style: ${style}.`,
        (product) => product.style === style && product.attributes.department === department,
      );
    }),
  );
  const themes = THEMES.map(({ title, description, categories, styles: liked }) =>
    board(
      title,
      description,
      ({ category, style }) => categories.includes(category) && liked.includes(style),
    ),
  );
  const colours = Object.entries(COLOURS).map(([title, names]) =>
    board(title, `Things in ${names.slice(0, 3).join(", ")} and the like.`, ({ attributes }) =>
      names.some((name) => String(attributes.colour).split(/[\s-]/).includes(name)),
    ),
  );
  return [...themes, ...colours, ...styles].filter(({ items }) => items.length >= MIN_ITEMS);
}
