/** Puts one design into a picture of its own: a view, a background and light. */
import { type Backdrop, laidOut, standing, tabletop, wallOnly } from "./backdrop.ts";
import type { Category, Design, Mount } from "./design.ts";
import { Drawing } from "./drawing.ts";
import type { Matrix, Point, Vector } from "./geometry.ts";
import type { Random } from "./random.ts";
import { castShadows, drawSolids, dropShadows, extentOfSolids } from "./stage.ts";
import type { Style } from "./styles.ts";
import { View } from "./view.ts";

type Range = readonly [least: number, most: number];

interface Pose {
  /** Radians to either side. */
  readonly yaw: Range;
  readonly pitch: Range;
  /** Share of the picture that the product may fill. */
  readonly fill: Range;
}

const POSES: Readonly<Record<Mount, Pose>> = {
  floor: { yaw: [0.3, 0.66], pitch: [0.2, 0.34], fill: [0.6, 0.72] },
  table: { yaw: [0, 0.5], pitch: [0.16, 0.28], fill: [0.58, 0.7] },
  wall: { yaw: [0, 0.12], pitch: [0, 0.01], fill: [0.6, 0.76] },
  ceiling: { yaw: [0, 0.3], pitch: [-0.1, 0.02], fill: [0.56, 0.7] },
  lying: { yaw: [0, 0], pitch: [0, 0], fill: [0.66, 0.8] },
  hanging: { yaw: [0, 0], pitch: [0, 0], fill: [0.76, 0.86] },
};

const SPECIAL: Partial<Record<Category, Partial<Pose>>> = {
  rug: { pitch: [0.5, 0.8], yaw: [0.08, 0.5], fill: [0.74, 0.84] },
  plant: { yaw: [0, 0.2], fill: [0.72, 0.8] },
  vase: { yaw: [0, 0.2] },
  mug: { yaw: [0.1, 0.9], pitch: [0.3, 0.5], fill: [0.44, 0.56] },
  shelf: { yaw: [0.14, 0.42], pitch: [0.1, 0.2], fill: [0.68, 0.78] },
  bed: { yaw: [0.34, 0.6], pitch: [0.26, 0.36], fill: [0.72, 0.82] },
  sofa: { yaw: [0.14, 0.44], pitch: [0.2, 0.3], fill: [0.74, 0.84] },
  table: { pitch: [0.24, 0.4], fill: [0.64, 0.76] },
  shoes: { yaw: [0, 0.12], pitch: [0.16, 0.26], fill: [0.66, 0.76] },
  boots: { yaw: [0, 0.12], pitch: [0.12, 0.2], fill: [0.62, 0.74] },
  curtain: { yaw: [0, 0.05], fill: [0.76, 0.86] },
};

/** Pixels of product pictures: furniture is square, garments stand upright. */
export const SQUARE = { width: 640, height: 640 } as const;
export const PORTRAIT = { width: 512, height: 640 } as const;

export function pictureSize(mount: Mount): { readonly width: number; readonly height: number } {
  return mount === "hanging" ? PORTRAIT : SQUARE;
}

/** Draws the picture and returns its SVG. */
export function present(design: Design, category: Category, style: Style, random: Random): string {
  const { width, height } = pictureSize(design.mount);
  const drawing = new Drawing(width, height);
  const light: Vector = [
    (random.chance(0.65) ? -1 : 1) * random.between(0.4, 0.75),
    random.between(0.62, 0.85),
    random.between(0.4, 0.6),
  ];
  const pose = { ...POSES[design.mount], ...SPECIAL[category] };
  const yaw = (random.chance(0.5) ? 1 : -1) * random.between(...pose.yaw);
  const view = frameView(
    design,
    new View({ yaw, pitch: random.between(...pose.pitch), scale: 1, origin: [0, 0], light }),
    drawing,
    random.between(...pose.fill),
  );
  const ground = lay(drawing, design, style, random, view);
  const shadow = { colour: ground.shadow, strength: ground.strength };
  const roll = LAID.has(design.mount) ? random.between(-MOST_ROLL, MOST_ROLL) : 0;
  drawing.within(rotation(roll, width / 2, height / 2), () => {
    if (design.mount === "floor" || design.mount === "table") {
      dropShadows(drawing, design.solids, view, shadow);
    } else if (design.mount !== "ceiling") {
      const lift = LIFT[design.mount] * (category === "curtain" ? 3 : 1);
      castShadows(drawing, design.solids, view, shadow, lift);
    }
    drawSolids(drawing, design.solids, view);
  });
  vignette(drawing);
  return drawing.toSvg();
}

/** Nobody lays things down quite straight: radians to either side. */
const MOST_ROLL = 0.09;

const LAID: ReadonlySet<Mount> = new Set(["lying", "hanging"]);

function rotation(angle: number, x: number, y: number): Matrix {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
}

/** Centimetres between a thing and what it hangs on or lies on. */
const LIFT = { wall: 3.2, lying: 2.4, hanging: 2 } as const;

/** The view in which the design fills `share` of the picture and stands where its kind stands. */
function frameView(design: Design, view: View, drawing: Drawing, share: number): View {
  const extent = extentOfSolids(design.solids, view);
  const [w, h] = [extent.x1 - extent.x0, extent.y1 - extent.y0];
  const scale = Math.min((drawing.width * share) / w, (drawing.height * share) / h);
  const centre: Point = [((extent.x0 + extent.x1) / 2) * scale, ((extent.y0 + extent.y1) / 2) * scale];
  const x = drawing.width / 2 - centre[0];
  if (design.mount === "ceiling")
    return view.with({
      scale,
      origin: [x, drawing.height * 0.06 - extent.y0 * scale - drawing.height * 0.08],
    });
  const low = design.mount === "floor" || design.mount === "table" ? 0.035 : 0;
  return view.with({ scale, origin: [x, drawing.height * (0.5 + low) - centre[1]] });
}

function lay(drawing: Drawing, design: Design, style: Style, random: Random, view: View): Backdrop {
  const subject = design.colour.hex;
  const extent = extentOfSolids(design.solids, view);
  const { height } = drawing;
  switch (design.mount) {
    case "floor": {
      const back = extent.y1 - (extent.y1 - extent.y0) * 0.3;
      return standing(
        drawing,
        random,
        style,
        view.light,
        Math.min(back, height * random.between(0.64, 0.72)),
        subject,
      );
    }
    case "table":
      return tabletop(
        drawing,
        random,
        style,
        view.light,
        Math.min(extent.y1 - 50, height * random.between(0.66, 0.74)),
        subject,
      );
    case "wall":
    case "ceiling":
      return wallOnly(drawing, random, style, view.light, subject);
    case "lying":
    case "hanging":
      return laidOut(drawing, random, style, view.light, subject);
  }
}

/** Pictures end a little darker than they begin. */
export function vignette(drawing: Drawing): void {
  const { width, height } = drawing;
  const paint = drawing.radial([width / 2, height * 0.46], Math.hypot(width, height) * 0.62, [
    [0.55, "#1a1420", 0],
    [1, "#1a1420", 0.2],
  ]);
  drawing.add(`<rect width="${width}" height="${height}" fill="${paint}"/>`);
}
