/** Outfits as they are worn: a person who stands before a wall. */
import { standing } from "./backdrop.ts";
import { CROWN, drawBody, drawHead, EYES, HAND, type Person, STANCE, somebody } from "./body.ts";
import { Drawing } from "./drawing.ts";
import { BODY, WORN } from "./garment.ts";
import { type Extent, extentOf, type Matrix, type Vector } from "./geometry.ts";
import { polygon, rectangle } from "./outline.ts";
import { PORTRAIT, vignette } from "./present.ts";
import { designOf, type Product } from "./products.ts";
import type { Random } from "./random.ts";
import type { Cast, Placed, Staging } from "./scenes.ts";
import { drawSolids, extentOfSolids } from "./stage.ts";
import type { Style } from "./styles.ts";
import { View } from "./view.ts";

/** Pixels per centimetre: the whole person fits, with a hat. */
const SCALES = [2.5, 2.95] as const;

/** Centimetres of a garment that show below another, at least, for it to count as seen. */
const LEAST_SHOWN = 6;

/** Shoes point a little outwards: how much of their length is seen from the front. */
const FORESHORTENED = 0.6;

/** Hats are drawn as they lie, wider than a head. */
const HAT_SIZE = 0.66;

/** Half the gap of a coat that is worn open, at the neck and at the hem. */
const OPENING = [3.5, 9] as const;

/** What the head hides of it depends on the kind: centimetres from the crown to where its lower edge sits. */
const HAT_DEPTH = 8;

export function drawFigure(
  cast: Cast,
  style: Style,
  random: Random,
  staging: Staging,
): { drawing: Drawing; placed: Placed[] } {
  const { width, height } = PORTRAIT;
  const drawing = new Drawing(width, height);
  const lit = random.chance(0.6) ? 1 : -1;
  const light: Vector = [-lit * 0.6, 0.75, 0.5];
  const person = somebody(random);
  const wardrobe = dress(cast, random);
  const scale = random.between(...SCALES);
  const view = new View({
    yaw: 0,
    pitch: 0,
    scale,
    origin: [width * random.between(0.44, 0.56), height * random.between(0.945, 0.965)],
    light,
  });
  const horizon = view.origin[1] - height * random.between(0.06, 0.16);
  standing(drawing, random, style, light, horizon, wardrobe.over?.hex ?? wardrobe.main?.hex ?? "#ffffff");
  if (staging.shadows) standOn(drawing, view);
  const placed = put(drawing, view, person, wardrobe, staging, lit);
  vignette(drawing);
  return { drawing, placed };
}

/** What a person wears. */
interface Wardrobe {
  /** A dress, or what covers the legs. */
  readonly main: Product | undefined;
  readonly top: Product | undefined;
  readonly over: Product | undefined;
  /** Worn open, so that what is beneath shows. */
  readonly open: boolean;
  /** The top is tucked in. */
  readonly tucked: boolean;
  readonly shoes: Product | undefined;
  readonly bag: Product | undefined;
  readonly bagSide: 1 | -1;
  readonly hat: Product | undefined;
  readonly glasses: Product | undefined;
}

function dress(cast: Cast, random: Random): Wardrobe {
  const inOne = random.chance(0.36);
  const main = inOne ? cast.take("dress") : cast.take("trousers", "skirt", "shorts", "trousers");
  return {
    main,
    top: inOne ? undefined : cast.take("top", "shirt"),
    over: random.chance(0.42) ? cast.take("coat") : undefined,
    open: random.chance(0.65),
    tucked: main?.category !== "shorts" && random.chance(0.4),
    shoes: cast.take("shoes", "boots"),
    bag: random.chance(0.75) ? cast.take("bag") : undefined,
    bagSide: random.chance(0.5) ? 1 : -1,
    hat: random.chance(0.45) ? cast.take("hat") : undefined,
    glasses: random.chance(0.45) ? cast.take("glasses") : undefined,
  };
}

/** Draws from back to front, and says what of each product is seen. */
function put(
  drawing: Drawing,
  view: View,
  person: Person,
  wardrobe: Wardrobe,
  { hidden }: Staging,
  lit: 1 | -1,
): Placed[] {
  const { main, top, over, open, tucked, shoes, bag, bagSide, hat, glasses } = wardrobe;
  const placed: Placed[] = [];
  const wears = (product: Product | undefined): product is Product =>
    product !== undefined && !hidden.has(product.id);
  const solidsOf = (product: Product) => designOf(product).solids;
  const plane = view.plane(WORN);
  const onBody = (draw: () => void) => drawing.within(plane, draw);

  onBody(() => drawBody(drawing, person, lit, view.pixel));
  if (wears(shoes)) placed.push({ product: shoes, extent: drawShoes(drawing, shoes, view) });
  const beneath = (): void => {
    if (wears(main)) placed.push({ product: main, extent: drawSolids(drawing, solidsOf(main), view) });
  };
  if (!tucked) beneath();
  if (wears(top)) placed.push({ product: top, extent: drawSolids(drawing, solidsOf(top), view) });
  if (tucked) beneath();
  if (wears(over)) {
    const solids = solidsOf(over);
    const extent = extentOfSolids(solids, view);
    if (open) drawing.unmeasured(() => drawOpen(drawing, over, view, extent));
    else drawSolids(drawing, solids, view);
    placed.push({ product: over, extent });
  }
  onBody(() => drawHead(drawing, person, lit, view.pixel));
  if (wears(glasses)) placed.push({ product: glasses, extent: drawGlasses(drawing, glasses, view) });
  if (wears(hat)) placed.push({ product: hat, extent: drawHat(drawing, hat, view) });
  if (wears(bag)) placed.push({ product: bag, extent: drawBag(drawing, bag, view, bagSide) });
  return whatShows(placed, wardrobe, view);
}

/** Clothes under others are seen from where the others end; what is tucked in, as far as the waist or its sleeves. */
function whatShows(
  placed: readonly Placed[],
  { main, top, over, open, tucked }: Wardrobe,
  view: View,
): Placed[] {
  const extentOfProduct = (product: Product | undefined) =>
    placed.find((each) => each.product === product)?.extent;
  const outer = open ? undefined : extentOfProduct(over);
  return placed.flatMap(({ product, extent }) => {
    const above = product === main && !tucked ? extentOfProduct(top) : undefined;
    const covers = product === main || product === top ? [above, outer] : [];
    const y0 = Math.max(extent.y0, ...covers.map((cover) => cover?.y1 ?? 0));
    const waist = product === top && tucked ? extentOfProduct(main)?.y0 : undefined;
    const y1 = waist === undefined || top?.attributes.sleeves === "long" ? extent.y1 : waist;
    return y1 - y0 < LEAST_SHOWN * view.scale ? [] : [{ product, extent: { ...extent, y0, y1 } }];
  });
}

/** The half of a coat to either side of the gap. */
function drawOpen(drawing: Drawing, coat: Product, view: View, { x0, y0, x1, y1 }: Extent): void {
  const middle = view.origin[0];
  const [above, below] = OPENING.map((half) => half * view.scale) as [number, number];
  for (const side of [-1, 1]) {
    const edge = side < 0 ? x0 - 1 : x1 + 1;
    const half = polygon([
      [edge, y0 - 1],
      [middle + side * above, y0 - 1],
      [middle + side * below, y1 + 1],
      [edge, y1 + 1],
    ]);
    drawing.soften(
      `M${middle + side * above} ${y0 + 8 * view.scale}L${middle + side * below} ${y1 - view.scale}`,
      "#1a1626",
      0.22,
      2 * view.scale,
      5,
    );
    drawing.clipped([half], () => drawSolids(drawing, designOf(coat).solids, view));
  }
}

/** Both shoes, each with its toe turned outwards. */
function drawShoes(drawing: Drawing, product: Product, view: View): Extent {
  const near = designOf(product).solids.at(-1)!;
  const [x, y] = view.origin;
  const alone = view.with({ origin: [0, 0] });
  return drawing.measure(() => {
    for (const side of [-1, 1]) {
      // The ankle is some 8 cm behind the middle of a shoe, whose own middle is 3 cm to the left.
      const at = x + side * (STANCE + 9.5 * FORESHORTENED) * view.scale;
      const turned: Matrix = [side * FORESHORTENED, 0, 0, 1, at, y + 1.2 * view.scale];
      drawing.within(turned, () => near.draw(drawing, alone));
    }
  });
}

function drawHat(drawing: Drawing, product: Product, view: View): Extent {
  const { solids } = designOf(product);
  const [x, y] = onBody(view, 0, CROWN + HAT_DEPTH);
  const own = view.with({ scale: view.scale * HAT_SIZE, origin: [x, y] });
  return drawSolids(drawing, solids, own);
}

/** Without the temples, which lie folded out above the lenses when glasses are laid down. */
function drawGlasses(drawing: Drawing, product: Product, view: View): Extent {
  const { solids } = designOf(product);
  const own = view.with({ scale: view.scale * 0.92, origin: onBody(view, 0, EYES) });
  const { x0, x1, y1 } = extentOfSolids(solids, own);
  const lenses = rectangle(
    x0,
    own.origin[1] - 3.2 * own.scale,
    x1 - x0,
    y1 - own.origin[1] + 3.2 * own.scale,
  );
  const inset = (x1 - x0) * 0.09;
  drawing.clipped([lenses], () => drawSolids(drawing, solids, own));
  const { points } = lenses;
  const { y0, ...rest } = extentOf(points);
  return { ...rest, x0: x0 + inset, x1: x1 - inset, y0 };
}

/** Held by what is uppermost: its handle, its strap or its edge. */
function drawBag(drawing: Drawing, product: Product, view: View, side: 1 | -1): Extent {
  const { solids } = designOf(product);
  const loose = view.with({ origin: [0, 0] });
  const extent = extentOfSolids(solids, loose);
  const [x, y] = onBody(view, side * HAND.x, HAND.y);
  const origin = [x - (extent.x0 + extent.x1) / 2 + side * view.scale, y - extent.y0] as const;
  return drawSolids(drawing, solids, view.with({ origin }));
}

function onBody(view: View, x: number, y: number): [number, number] {
  return [view.origin[0] + x * view.scale, view.origin[1] + (y - BODY.floor) * view.scale];
}

/** The soft shadow of somebody who stands. */
function standOn(drawing: Drawing, view: View): void {
  const [x, y] = view.origin;
  const away = view.light[0] < 0 ? 1 : -1;
  for (const [long, flat, strength] of [
    [34, 5, 0.26],
    [24, 3, 0.32],
  ] as const) {
    const [rx, ry] = [long * view.scale, flat * view.scale];
    const cx = x + away * (long - 22) * view.scale;
    const paint = drawing.radial(
      [cx, y],
      rx,
      [
        [0, "#1a1626", strength],
        [0.6, "#1a1626", strength * 0.6],
        [1, "#1a1626", 0],
      ],
      ry / rx,
    );
    drawing.add(
      `<ellipse cx="${cx.toFixed(1)}" cy="${y.toFixed(1)}" rx="${rx.toFixed(1)}" ry="${ry.toFixed(1)}" fill="${paint}"/>`,
    );
  }
}
