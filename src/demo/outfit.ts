/** Outfits: what is worn together, laid out together. */
import { laidOut } from "./backdrop.ts";
import type { Category } from "./design.ts";
import { Drawing } from "./drawing.ts";
import { BODY } from "./garment.ts";
import type { Vector } from "./geometry.ts";
import { PORTRAIT, vignette } from "./present.ts";
import { designOf, type Product } from "./products.ts";
import type { Random } from "./random.ts";
import type { Cast, Placed, Staging } from "./scenes.ts";
import { castShadows, drawSolids, extentOfSolids } from "./stage.ts";
import type { Style } from "./styles.ts";
import { View } from "./view.ts";

/** Pixels per centimetre of clothes: a maxi dress fits the picture's height. */
const SCALE = 3.05;

/** Centimetres that skirts and trousers lie lower than they are worn, so that more of them shows below the top. */
const UNTUCKED = 13;

const BOTTOMS: ReadonlySet<Category> = new Set(["trousers", "skirt", "shorts"]);

type Space = readonly [x0: number, y0: number, x1: number, y1: number];

/** Where accessories go, in parts of the picture. */
const SPACES: Readonly<
  Record<"withCoat" | "withoutCoat", Readonly<Record<"shoes" | "bag" | "first" | "second", Space>>>
> = {
  withCoat: {
    shoes: [0.56, 0.83, 0.96, 0.96],
    bag: [0.55, 0.62, 0.77, 0.82],
    first: [0.79, 0.64, 0.97, 0.75],
    second: [0.79, 0.76, 0.97, 0.83],
  },
  withoutCoat: {
    shoes: [0.55, 0.76, 0.96, 0.92],
    bag: [0.58, 0.4, 0.92, 0.72],
    first: [0.6, 0.07, 0.92, 0.24],
    second: [0.62, 0.28, 0.9, 0.37],
  },
};

export function drawOutfit(
  cast: Cast,
  style: Style,
  random: Random,
  staging: Staging,
): { drawing: Drawing; placed: Placed[] } {
  const { width, height } = PORTRAIT;
  const drawing = new Drawing(width, height);
  const light: Vector = [(random.chance(0.6) ? -1 : 1) * 0.6, 0.75, 0.5];
  const clothes = random.chance(0.4)
    ? [cast.take("dress")]
    : [cast.take("trousers", "skirt", "shorts"), cast.take("top", "shirt")];
  const coat = random.chance(0.5) ? cast.take("coat") : undefined;
  const spaces = coat ? SPACES.withCoat : SPACES.withoutCoat;
  const extras: readonly (readonly [Product | undefined, Space])[] = [
    [cast.take("shoes", "boots"), spaces.shoes],
    [cast.take("bag"), spaces.bag],
    [random.chance(0.8) ? cast.take("hat", "scarf") : undefined, spaces.first],
    [random.chance(0.7) ? cast.take("glasses") : undefined, spaces.second],
  ];
  const ground = laidOut(drawing, random, style, light, clothes.at(-1)?.hex ?? "#ffffff");
  const shadow = { colour: ground.shadow, strength: ground.strength };
  const placed: Placed[] = [];
  const draw = (product: Product | undefined, view: (product: Product) => View): void => {
    if (!product || staging.hidden.has(product.id)) return;
    const { solids } = designOf(product);
    if (staging.shadows)
      castShadows(drawing, solids, view(product), shadow, FLAT.has(product.category) ? 2 : 1.2);
    placed.push({ product, extent: drawSolids(drawing, solids, view(product)) });
  };
  const body =
    (x: number, scale: number, lower = 0) =>
    () =>
      new View({ yaw: 0, pitch: 0, scale, origin: [width * x, 44 + (BODY.floor + lower) * scale], light });
  if (coat) draw(coat, body(0.74, SCALE * 0.9));
  for (const product of clothes) {
    const lower = BOTTOMS.has(product?.category ?? "dress") ? UNTUCKED : 0;
    draw(product, body(coat ? 0.29 : 0.31, SCALE * (coat ? 1.02 : 1.12), lower));
  }
  for (const [product, space] of extras) draw(product, (found) => frame(found, space, light, width, height));
  vignette(drawing);
  return { drawing, placed };
}

const FLAT: ReadonlySet<Category> = new Set([
  "dress",
  "top",
  "shirt",
  "coat",
  "trousers",
  "skirt",
  "shorts",
  "scarf",
]);

/** The view in which a product fills a space of the picture. */
function frame(
  product: Product,
  [x0, y0, x1, y1]: Space,
  light: Vector,
  width: number,
  height: number,
): View {
  const pitch = product.category === "shoes" || product.category === "boots" ? 0.2 : 0;
  const view = new View({ yaw: 0, pitch, scale: 1, origin: [0, 0], light });
  const extent = extentOfSolids(designOf(product).solids, view);
  const scale = Math.min(
    ((x1 - x0) * width) / (extent.x1 - extent.x0),
    ((y1 - y0) * height) / (extent.y1 - extent.y0),
  );
  const centre = [(extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2] as const;
  return view.with({
    scale,
    origin: [((x0 + x1) / 2) * width - centre[0] * scale, ((y0 + y1) / 2) * height - centre[1] * scale],
  });
}
