/** Scenes of the showroom: rooms and outfits made of its products, with the box of each known. */
import type { Category } from "./design.ts";
import { drawFigure } from "./figure.ts";
import type { Extent } from "./geometry.ts";
import { drawOutfit } from "./outfit.ts";
import type { Product } from "./products.ts";
import { deriveSeed, Random } from "./random.ts";
import { drawRoom } from "./room.ts";
import { STYLE_NAMES, STYLES, type StyleName } from "./styles.ts";

export interface SceneObject {
  readonly productId: string;
  readonly category: Category;
  /** Of what the picture shows, from its upper left corner, in parts of its width and height. */
  readonly box: readonly [x0: number, y0: number, x1: number, y1: number];
}

export interface Scene {
  readonly id: string;
  readonly kind: "room" | "outfit";
  readonly style: StyleName;
  readonly svg: string;
  /** From back to front. */
  readonly objects: readonly SceneObject[];
}

export interface SceneOptions {
  readonly seed: number;
  readonly count: number;
  readonly products: readonly Product[];
  /** Products that are left out of the picture, everything else unchanged: for tests and for counterfactuals. */
  readonly without?: readonly string[];
  /** Without shadows, every pixel that a product changes lies in its box. @default true */
  readonly shadows?: boolean;
}

/** How a scene is put on: who stays away, and whether there are shadows. */
export interface Staging {
  /** Ids of products that are left out. */
  readonly hidden: ReadonlySet<string>;
  readonly shadows: boolean;
}

/** What a scene is drawn from: takes a product of a category, of the scene's style where there is one. */
export interface Cast {
  take(...categories: readonly Category[]): Product | undefined;
}

/** A product where it was drawn, in pixels. */
export interface Placed {
  readonly product: Product;
  readonly extent: Extent;
}

/** Draws rooms and outfits in turn; outfits are laid out or worn. */
export function generateScenes({
  seed,
  count,
  products,
  without = [],
  shadows = true,
}: SceneOptions): Scene[] {
  const staging: Staging = { hidden: new Set(without), shadows };
  return Array.from({ length: count }, (_, index): Scene => {
    const own = deriveSeed(seed, "scene", index);
    const random = new Random(own);
    const kind = index % 2 === 0 ? "room" : "outfit";
    const style = random.pick(STYLE_NAMES);
    const cast = castOf(random, products, style);
    const draw = kind === "room" ? drawRoom : random.chance(0.5) ? drawFigure : drawOutfit;
    const { drawing, placed } = draw(cast, STYLES[style], random, staging);
    const objects = placed
      .map(
        ({ product, extent }): SceneObject => ({
          productId: product.id,
          category: product.category,
          box: [
            part(extent.x0, drawing.width),
            part(extent.y0, drawing.height),
            part(extent.x1, drawing.width),
            part(extent.y1, drawing.height),
          ],
        }),
      )
      .filter(({ box: [x0, y0, x1, y1] }) => x1 - x0 > 0.01 && y1 - y0 > 0.01);
    return { id: `showroom-${kind}-${(own >>> 0).toString(36)}`, kind, style, svg: drawing.toSvg(), objects };
  });
}

function part(pixels: number, of: number): number {
  return Math.round(Math.min(1, Math.max(0, pixels / of)) * 1e4) / 1e4;
}

function castOf(random: Random, products: readonly Product[], style: StyleName): Cast {
  const used = new Set<string>();
  return {
    take(...categories) {
      const category = random.pick(categories);
      const free = products.filter((product) => product.category === category && !used.has(product.id));
      const fitting = free.filter((product) => product.style === style);
      const chosen =
        fitting.length > 0 ? random.pick(fitting) : free.length > 0 ? random.pick(free) : undefined;
      if (chosen) used.add(chosen.id);
      return chosen;
    },
  };
}
