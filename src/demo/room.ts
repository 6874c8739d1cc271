/** Rooms: furniture where people put it, in the light of a window. */

import { mix, shade } from "./colour.ts";
import type { Design } from "./design.ts";
import { Drawing } from "./drawing.ts";
import { PLANS, type Slot, small } from "./floor-plans.ts";
import type { Vector } from "./geometry.ts";
import { vignette } from "./present.ts";
import { designOf, type Product } from "./products.ts";
import type { Random } from "./random.ts";
import { paintRoom, paintWindow } from "./room-shell.ts";
import type { Cast, Placed, Staging } from "./scenes.ts";
import { castShadows, drawSolids, dropShadows } from "./stage.ts";
import type { Style } from "./styles.ts";
import { windowLight } from "./surroundings.ts";
import { View } from "./view.ts";

export const WIDTH = 640;

export const HEIGHT = 480;

/** Where wall and floor meet, pixels. */
export const HORIZON = 292;

/** Pixels per centimetre at the wall; nearer things are larger. */
const SCALE = 1.08;

const PITCH = 0.24;

export function drawRoom(
  cast: Cast,
  style: Style,
  random: Random,
  staging: Staging,
): { drawing: Drawing; placed: Placed[] } {
  const drawing = new Drawing(WIDTH, HEIGHT);
  const flip = random.chance(0.5) ? -1 : 1;
  const plan = random
    .pick(PLANS)
    .map((slot): Slot => ({ ...slot, x: flip < 0 ? 1 - slot.x : slot.x, yaw: (slot.yaw ?? 0) * flip }));
  const curtain = plan.find(({ categories }) => categories.includes("curtain"));
  const light: Vector = [curtain ? Math.sign(curtain.x - 0.5) * 0.6 : flip * -0.6, 0.75, 0.5];
  const wall = random.pick(style.walls);
  paintRoom(drawing, random, style, light);
  const placed: Placed[] = [];
  const shadow = { colour: shade(mix(wall, "#2a2230", 0.7), 0.35), strength: 0.3 };
  for (const slot of plan) {
    const wanted = random.chance(slot.chance ?? 1);
    const found = choose(cast, slot);
    const guest = slot.on && found ? choose(cast, { ...slot, categories: slot.on, suits: small }) : undefined;
    const tilt = random.between(-0.06, 0.06);
    if (!wanted || !found) continue;
    const view = viewOf(slot, found, light, tilt);
    const wallBound = found.design.mount === "wall";
    if (found.product.category === "curtain" && !staging.hidden.has(found.product.id))
      paintWindow(drawing, found.design, view);
    place(drawing, found, view, wallBound, shadow, staging, placed);
    if (guest) {
      const height = Number(found.design.attributes.height_cm ?? 45);
      const [x, y] = view.project([slot.x < 0.5 ? 6 : -6, height + 0.4, 0]);
      place(
        drawing,
        guest,
        view.with({
          origin: [x, y],
          yaw: tilt,
          scale: view.scale * (guest.product.category === "mug" ? 1.5 : 1),
        }),
        false,
        shadow,
        staging,
        placed,
      );
    }
  }
  windowLight(drawing, random, light, WIDTH, HORIZON);
  vignette(drawing);
  return { drawing, placed };
}

interface Found {
  readonly product: Product;
  readonly design: Design;
}

/** How many products are tried for a slot before it stays empty. */
const ATTEMPTS = 12;

function choose(cast: Cast, { categories, suits }: Slot): Found | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const product = cast.take(...categories);
    if (!product) continue;
    const design = designOf(product);
    if (!suits || suits(design)) return { product, design };
  }
  return undefined;
}

function viewOf(slot: Slot, { design, product }: Found, light: Vector, tilt: number): View {
  const floor = HORIZON + slot.near * (HEIGHT - HORIZON);
  const scale = SCALE * (1 + slot.near * 0.62);
  const flat = design.mount === "wall" || product.category === "plant";
  const pitch =
    design.mount === "wall"
      ? 0.001
      : design.mount === "ceiling"
        ? 0
        : product.category === "rug"
          ? 0.36
          : PITCH;
  const lift = (slot.height ?? 0) * scale * (product.category === "curtain" ? 0.6 : 1);
  return new View({
    yaw: flat ? 0 : (slot.yaw ?? 0) + tilt,
    pitch,
    scale,
    origin: [slot.x * WIDTH, floor - lift],
    light,
  });
}

function place(
  drawing: Drawing,
  { product, design }: Found,
  view: View,
  onWall: boolean,
  shadow: { colour: `#${string}`; strength: number },
  staging: Staging,
  placed: Placed[],
): void {
  if (staging.hidden.has(product.id)) return;
  if (staging.shadows && onWall)
    castShadows(drawing, design.solids, view, shadow, product.category === "curtain" ? 7 : 4);
  else if (staging.shadows && design.mount !== "ceiling") dropShadows(drawing, design.solids, view, shadow);
  placed.push({ product, extent: drawSolids(drawing, design.solids, view) });
}
