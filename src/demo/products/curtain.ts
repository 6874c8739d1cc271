/** Curtains. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import type { Drawing } from "../drawing.ts";
import { surfaceLayers } from "../material.ts";
import { motif, PATTERNS } from "../motif.ts";
import { type Node, type Outline, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { panel } from "../solids/panel.ts";
import { rod } from "../solids/rod.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { cloth, metal, wood } from "../textile.ts";

export function designCurtain(random: Random, style: Style): Design {
  const named = cloth(random, style, {
    kinds: [
      ["linen", "weave"],
      ["cotton", "weave"],
      ["velvet", "velvet"],
      ["silk", "silk"],
    ],
    repeat: 24,
    prints: PATTERNS.filter((pattern) => pattern !== "terrazzo" && pattern !== "herringbone"),
  });
  const pole = random.chance(0.5) ? metal(random, style) : wood(random, style);
  const [w, h] = [random.between(62, 80), random.between(200, 240)];
  const tied = random.chance(0.4);
  const folds = random.integer(6, 9);
  const gap = random.between(0.2, 0.34);
  const halves = [-1, 1].map((side) => curtainHalf(side, w, h, gap, tied, folds));
  const sheets = panel(upright(0, h, 0), halves, (drawing, _view, pixel) => {
    for (const [index, half] of halves.entries())
      drawing.clipped([half], () =>
        drape(drawing, half, named.material, index === 0 ? -1 : 1, w, h, gap, folds, tied, pixel),
      );
  });
  const solids: Solid[] = [sheets, rod([-w - 10, h + 1, 2], [w + 10, h + 1, 2], 1.5, 1.5, pole.material)];
  for (const side of [-1, 1])
    solids.push(rod([side * (w + 10), h + 1, 2], [side * (w + 13), h + 1, 2], 2.6, 2.2, pole.material));
  return {
    noun: "curtains",
    ...made(named),
    details: [
      `${tied ? "tied back" : "hanging straight"} from a ${pole.name} pole`,
      `${folds} folds to each side`,
    ],
    price: Math.round(random.between(39, 190)),
    attributes: {
      width_cm: Math.round(w * 2),
      height_cm: Math.round(h),
      pole: pole.name,
      tied: tied ? "yes" : "no",
    },
    mount: "wall",
    solids,
  };
}

function curtainHalf(side: number, w: number, h: number, gap: number, tied: boolean, folds: number): Outline {
  const inner = w * gap;
  const nodes: Node[] = [
    [side * w, 0, 1],
    [side * inner, 0, 1],
  ];
  if (tied)
    nodes.push(
      [side * inner * 1.05, h * 0.2],
      [side * w * 0.62, h * 0.54],
      [side * w * 0.68, h * 0.6],
      [side * w * 0.52, h * 0.8],
      [side * w * 0.46, h, 1],
    );
  else nodes.push([side * inner, h, 1]);
  const from = tied ? w * 0.46 : inner;
  for (let step = 1; step < folds * 2; step++) {
    const x = from + ((w - from) * step) / (folds * 2);
    nodes.push([side * x, h + (step % 2 ? 1.6 : -1.2)]);
  }
  nodes.push([side * w, h, 1]);
  return spline(nodes);
}

function drape(
  drawing: Drawing,
  half: Outline,
  material: Parameters<typeof surfaceLayers>[1],
  side: number,
  w: number,
  h: number,
  gap: number,
  folds: number,
  tied: boolean,
  pixel: number,
): void {
  drawing.fill(half, material.colour);
  if (material.print) drawing.fill(half, motif(drawing, material.print));
  for (const layer of surfaceLayers(drawing, { kind: material.kind, colour: material.colour }, pixel))
    drawing.fill(half, layer);
  const width = (w * (1 - gap)) / folds;
  for (let fold = 0; fold <= folds; fold++) {
    const top = side * (w - fold * width);
    const waist = tied ? side * (w * 0.96 - (fold / folds) * w * 0.3) : top;
    const foot = tied ? side * (w - (fold / folds) * w * 0.54) : top;
    const line = (shift: number) =>
      spline(
        [
          [top + shift, -2],
          [top + shift, h * 0.2],
          [waist + shift, h * 0.56],
          [foot + shift, h * 0.84],
          [foot + shift, h + 3],
        ],
        false,
      ).d;
    drawing.soften(line(0), "#141020", 0.42, width * 0.36, 5);
    drawing.soften(line(-side * width * 0.46), "#ffffff", 0.3, width * 0.26, 5);
  }
  drawing.fill(
    half,
    drawing.linear(
      [0, 0],
      [0, h],
      [
        [0, "#141020", 0.24],
        [0.06, "#141020", 0.02],
        [0.7, "#141020", 0],
        [1, "#141020", 0.2],
      ],
    ),
  );
  if (tied) {
    const band = spline(
      [
        [side * w * 1.02, h * 0.52],
        [side * w * 0.8, h * 0.575],
        [side * w * 0.6, h * 0.55],
      ],
      false,
    );
    drawing.stroke(band, shade(material.colour, 0.5), 5);
    drawing.stroke(band, shade(material.colour, 0.9), 3);
  }
}
