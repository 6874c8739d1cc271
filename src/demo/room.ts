/** Rooms: a wall, a floor that runs towards it, light from a window, and furniture where people put it. */
import { paintWall, planks, windowLight } from "./backdrop.ts";
import { mix, shade } from "./colour.ts";
import type { Category, Design } from "./design.ts";
import { Drawing } from "./drawing.ts";
import type { Vector } from "./geometry.ts";
import { ellipse, rectangle } from "./outline.ts";
import { vignette } from "./present.ts";
import { designOf, type Product } from "./products.ts";
import type { Random } from "./random.ts";
import type { Cast, Placed, Staging } from "./scenes.ts";
import { castShadows, drawSolids, dropShadows } from "./stage.ts";
import { hue, type Style, WOODS } from "./styles.ts";
import { View } from "./view.ts";

const WIDTH = 640;
const HEIGHT = 480;
/** Where wall and floor meet, pixels. */
const HORIZON = 292;
/** Pixels per centimetre at the wall; nearer things are larger. */
const SCALE = 1.08;
const PITCH = 0.24;

interface Slot {
  readonly categories: readonly Category[];
  /** Parts of the width, and of the way from the wall (0) to the picture's lower edge (1). */
  readonly x: number;
  readonly near: number;
  /** Radians. */
  readonly yaw?: number;
  /** Only designs for which this holds. */
  readonly suits?: (design: Design) => boolean;
  /** What stands on it. */
  readonly on?: readonly Category[];
  /** Centimetres above the floor, for what hangs. */
  readonly height?: number;
  readonly chance?: number;
}

const standsOnFloor = ({ mount }: Design) => mount === "floor";
const small = ({ mount }: Design) => mount === "table";
const low = ({ attributes }: Design) => Number(attributes.height_cm) < 58;
const tall = ({ noun }: Design) => /dining|round table|desk/.test(noun);

/** Floor plans, seen from the open side; mirrored at random. */
const PLANS: readonly (readonly Slot[])[] = [
  [
    { categories: ["curtain"], x: 0.84, near: 0, height: 6, chance: 0.9 },
    { categories: ["mirror", "clock"], x: 0.4, near: 0, height: 162 },
    { categories: ["rug"], x: 0.46, near: 0.66, chance: 0.85 },
    { categories: ["lamp"], x: 0.1, near: 0.16, suits: standsOnFloor },
    { categories: ["sofa"], x: 0.4, near: 0.34, yaw: 0.1 },
    { categories: ["plant"], x: 0.7, near: 0.2, suits: standsOnFloor },
    { categories: ["armchair"], x: 0.84, near: 0.62, yaw: -0.6 },
    { categories: ["table"], x: 0.44, near: 0.86, yaw: 0.12, suits: low, on: ["vase", "mug"] },
  ],
  [
    { categories: ["curtain"], x: 0.16, near: 0, height: 6, chance: 0.9 },
    { categories: ["mirror", "clock"], x: 0.87, near: 0, height: 150, chance: 0.7 },
    { categories: ["rug"], x: 0.44, near: 0.72 },
    { categories: ["bed"], x: 0.52, near: 0.5, yaw: 0.34 },
    { categories: ["table"], x: 0.9, near: 0.4, suits: low, on: ["lamp"] },
    { categories: ["plant"], x: 0.08, near: 0.34, suits: standsOnFloor },
    { categories: ["chair"], x: 0.14, near: 0.84, yaw: 0.6, chance: 0.7 },
  ],
  [
    { categories: ["shelf"], x: 0.14, near: 0.06, yaw: 0.12, suits: standsOnFloor },
    { categories: ["clock", "mirror"], x: 0.56, near: 0, height: 158 },
    { categories: ["plant"], x: 0.9, near: 0.12, suits: standsOnFloor },
    { categories: ["chair"], x: 0.34, near: 0.5, yaw: 0.9 },
    { categories: ["chair"], x: 0.82, near: 0.52, yaw: -0.9 },
    { categories: ["table"], x: 0.58, near: 0.72, yaw: 0.14, suits: tall, on: ["vase"] },
    {
      categories: ["lamp"],
      x: 0.58,
      near: 0.5,
      height: 172,
      suits: ({ mount }) => mount === "ceiling",
      chance: 0.7,
    },
  ],
  [
    { categories: ["shelf"], x: 0.8, near: 0.06, yaw: -0.12, suits: standsOnFloor },
    { categories: ["mirror", "clock"], x: 0.3, near: 0, height: 150 },
    { categories: ["rug"], x: 0.46, near: 0.7 },
    { categories: ["lamp"], x: 0.56, near: 0.2, suits: standsOnFloor },
    { categories: ["plant"], x: 0.08, near: 0.2, suits: standsOnFloor },
    { categories: ["armchair"], x: 0.3, near: 0.52, yaw: 0.5 },
    { categories: ["table"], x: 0.62, near: 0.76, suits: low, on: ["mug", "vase"] },
  ],
];

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

function paintRoom(drawing: Drawing, random: Random, style: Style, light: Vector): void {
  const wall = random.pick(style.walls);
  paintWall(drawing, wall, light, HEIGHT);
  if (random.chance(0.3)) {
    const tone = mix(wall, hue(random.pick(style.accents)).hex, 0.35);
    drawing.add(
      `<rect y="${HORIZON * 0.62}" width="${WIDTH}" height="${HORIZON * 0.38}" fill="${tone}" opacity=".55"/>`,
    );
    drawing.add(`<rect y="${HORIZON * 0.62 - 3}" width="${WIDTH}" height="4" fill="${shade(tone, 1.2)}"/>`);
  } else if (random.chance(0.4)) {
    for (let x = 16; x < WIDTH; x += 104)
      drawing.add(
        `<path d="${rectangle(x, 24, 84, HORIZON - 60).d}" fill="none" stroke="${shade(wall, 0.78)}" stroke-width="2" opacity=".6"/>`,
      );
  }
  planks(drawing, { kind: "wood", colour: WOODS[style.floor] }, HORIZON, WIDTH / 2, 15);
  drawing.add(
    `<rect y="${HORIZON - 11}" width="${WIDTH}" height="11" fill="${shade(wall, 1.25)}"/><rect y="${HORIZON - 12}" width="${WIDTH}" height="1.5" fill="${shade(wall, 0.7)}" opacity=".5"/>`,
  );
  const side = light[0] < 0 ? 0 : WIDTH;
  const pool = drawing.radial([side, HEIGHT * 0.8], WIDTH * 0.75, [
    [0, "#fff3d6", 0.34],
    [1, "#fff3d6", 0],
  ]);
  drawing.add(`<rect y="${HORIZON}" width="${WIDTH}" height="${HEIGHT - HORIZON}" fill="${pool}"/>`);
}

/** A window behind the curtains: sky, hills and a cross of bars. */
function paintWindow(drawing: Drawing, design: Design, view: View): void {
  const half = Number(design.attributes.width_cm) / 2;
  const tall = Number(design.attributes.height_cm);
  const [left, top] = view.project([-half * 0.86, tall * 0.95, 0]);
  const [right, bottom] = view.project([half * 0.86, tall * 0.3, 0]);
  const [w, h] = [right - left, bottom - top];
  const sky = drawing.linear(
    [0, top],
    [0, bottom],
    [
      [0, "#bfdcec"],
      [0.7, "#f6f1e1"],
      [1, "#dfe6c9"],
    ],
  );
  drawing.add(
    `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}" fill="${sky}"/>`,
  );
  const hill = ellipse(left + w * 0.5, bottom + h * 0.1, w * 0.5, h * 0.24);
  drawing.add(
    `<g opacity=".8"><clipPath id="pane"><rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}"/></clipPath><path d="${hill.d}" fill="#9bb38a" clip-path="url(#pane)"/></g>`,
  );
  const frame = `M${left} ${top}h${w}v${h}h${-w}ZM${left + w / 2} ${top}v${h}M${left} ${top + h * 0.45}h${w}`;
  drawing.add(
    `<path d="${frame}" fill="none" stroke="#f5f2ea" stroke-width="6"/><path d="${frame}" fill="none" stroke="#b9b3a6" stroke-width="1" opacity=".7" transform="translate(3 3)"/>`,
  );
}
