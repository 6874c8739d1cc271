/** Rugs, cushions and curtains. */
import { mix, shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import type { Drawing } from "../drawing.ts";
import { surfaceLayers } from "../material.ts";
import { motif, PATTERNS } from "../motif.ts";
import { ellipse, type Node, type Outline, polyline, rectangle, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { panel } from "../solids/panel.ts";
import { rod } from "../solids/rod.ts";
import { horizontal } from "../solids/slab.ts";
import type { Solid } from "../solids/solid.ts";
import { hue, type Style } from "../styles.ts";
import { cloth, metal, wood } from "../textile.ts";

const WOVEN = PATTERNS.filter((pattern) => pattern !== "dotted" && pattern !== "terrazzo");

export function designRug(random: Random, style: Style): Design {
  const named = cloth(random, style, {
    kinds: [
      ["wool", "weave"],
      ["jute", "weave"],
      ["cotton", "weave"],
    ],
    repeat: 42,
    printed: Math.min(0.95, style.printed + 0.5),
    prints: WOVEN,
  });
  const round = random.chance(0.28);
  const [w, d] = round ? [150, 150] : [random.between(170, 240), random.between(120, 165)];
  const outline = round ? ellipse(0, 0, w / 2, d / 2) : rectangle(-w / 2, -d / 2, w, d, 1);
  const ink = hue(random.pick(style.accents)).hex;
  const border = random.pick(["none", "bordered", "medallion", "fringed"] as const);
  const fringed = border === "fringed" && !round;
  const full = fringed ? rectangle(-w / 2 - 7, -d / 2, w + 14, d) : outline;
  const inset = (by: number): Outline =>
    round
      ? ellipse(0, 0, w / 2 - by, d / 2 - by)
      : rectangle(-w / 2 + by, -d / 2 + by, w - 2 * by, d - 2 * by);
  const body = panel(horizontal(0, 1, 0), [full], (drawing, _view, pixel) => {
    if (fringed) {
      const strands = drawing.tile(
        4,
        4,
        `<rect width="4" height="2.6" fill="${shade(named.material.colour, 1.2)}"/>`,
      );
      drawing.path(full, `fill="${strands}"`);
    }
    drawing.path(outline, `fill="${named.material.colour}"`);
    for (const layer of surfaceLayers(drawing, named.material, pixel)) drawing.fill(outline, layer);
    if (border === "bordered" || border === "medallion") {
      drawing.stroke(inset(9), ink, 5, 0.9);
      drawing.stroke(inset(16), mix(ink, named.material.colour, 0.4), 1.6);
    }
    if (border === "medallion") {
      for (const [part, colour] of [
        [1, ink],
        [0.72, named.material.colour],
        [0.46, mix(ink, "#ffffff", 0.3)],
        [0.2, ink],
      ] as const) {
        const [x, y] = [w * 0.24 * part, d * 0.3 * part];
        drawing.fill(
          spline([
            [0, -y],
            [x * 0.42, -y * 0.42],
            [x, 0],
            [x * 0.42, y * 0.42],
            [0, y],
            [-x * 0.42, y * 0.42],
            [-x, 0],
            [-x * 0.42, -y * 0.42],
          ]),
          colour,
        );
      }
    }
    const light = drawing.linear(
      [-w / 2, -d / 2],
      [w / 2, d / 2],
      [
        [0, "#ffffff", 0.16],
        [0.5, "#ffffff", 0],
        [1, "#1a1626", 0.16],
      ],
    );
    drawing.fill(outline, light);
    drawing.stroke(outline, shade(named.material.colour, 0.6), pixel * 2.2, 0.7);
  });
  return {
    noun: round ? "round rug" : "rug",
    ...made(named),
    details: [
      border === "none"
        ? "bound edges"
        : border === "fringed" && round
          ? "bound edges"
          : border === "fringed"
            ? "knotted fringes at both ends"
            : border === "bordered"
              ? `a ${"double"} border`
              : "a central medallion inside a border",
    ],
    price: Math.round(random.between(79, 690)),
    attributes: { form: round ? "round" : "rectangular", width_cm: Math.round(w), depth_cm: Math.round(d) },
    mount: "floor",
    solids: [body],
  };
}

export function designCushion(random: Random, style: Style): Design {
  const named = cloth(random, style, {
    kinds: [
      ["linen", "weave"],
      ["cotton", "weave"],
      ["velvet", "velvet"],
      ["bouclé", "boucle"],
      ["knitted wool", "knit"],
    ],
    repeat: 13,
    printed: Math.min(0.9, style.printed + 0.25),
    prints: PATTERNS,
  });
  const form = random.pick(["square", "square", "lumbar", "round"] as const);
  const [w, h] = form === "lumbar" ? [30, 18] : form === "round" ? [22, 22] : [23, 23];
  const finish = random.pick(["piped", "plain", "tasselled", "flanged"] as const);
  const p = random.between(0.83, 0.9);
  const nodes: Node[] = [
    [-w, -h, 1],
    [-w * 0.4, -h * p],
    [w * 0.4, -h * p],
    [w, -h, 1],
    [w * p, -h * 0.4],
    [w * p, h * 0.4],
    [w, h, 1],
    [w * 0.4, h * p],
    [-w * 0.4, h * p],
    [-w, h, 1],
    [-w * p, h * 0.4],
    [-w * p, -h * 0.4],
  ];
  const outline = form === "round" ? ellipse(0, 0, w, h) : spline(nodes);
  const { colour } = named.material;
  const trim = random.chance(0.5) ? hue(random.pick(style.accents)).hex : shade(colour, 0.7);
  const tassels = finish === "tasselled" && form !== "round";
  const ends: Outline[] = tassels
    ? [
        [-w, -h],
        [w, -h],
        [w, h],
        [-w, h],
      ].map(([x, y]) => ellipse(x! * 1.05, y! * 1.06, 1.6, 2.4))
    : [];
  const flange =
    finish === "flanged" && form !== "round" ? rectangle(-w - 1, -h - 1, 2 * w + 2, 2 * h + 2, 2) : undefined;
  const body = panel(
    upright(0, h, 0),
    [outline, ...ends, ...(flange ? [flange] : [])],
    (drawing, view, pixel) => {
      if (flange) {
        drawing.path(flange, `fill="${shade(colour, 0.86)}"`);
        for (const layer of surfaceLayers(drawing, named.material, pixel)) drawing.fill(flange, layer);
      }
      for (const end of ends) drawing.fill(end, trim);
      drawing.clipped([outline], () =>
        plump(drawing, outline, named.material, w, h, view.light[0] < 0 ? -1 : 1, pixel),
      );
      if (finish === "piped") {
        drawing.stroke(outline, shade(trim, 0.7), 1.1);
        drawing.stroke(outline, trim, 0.7);
      } else drawing.stroke(outline, shade(colour, 0.5), pixel * 1.2, 0.5);
      if (form === "round") {
        drawing.fill(ellipse(0, 0, 2.2), shade(colour, 0.5), 0.4);
        drawing.fill(ellipse(0, -0.3, 1.5), trim);
      }
    },
  );
  return {
    noun: `${form === "square" ? "" : `${form} `}cushion`,
    ...made(named),
    details: [
      finish === "piped"
        ? "piped edges"
        : tassels
          ? "a tassel at each corner"
          : flange
            ? "a flat flange all round"
            : "knife edges",
      "a plump feather filling",
    ],
    price: Math.round(random.between(19, 79)),
    attributes: { form, width_cm: w * 2, height_cm: h * 2 },
    mount: "lying",
    solids: [body],
  };
}

/** The roundness of a filled cushion: light towards the lamp, creases from the corners. */
function plump(
  drawing: Drawing,
  outline: Outline,
  material: { colour: `#${string}` } & Parameters<typeof surfaceLayers>[1],
  w: number,
  h: number,
  lit: number,
  pixel: number,
): void {
  drawing.fill(outline, material.colour);
  for (const layer of surfaceLayers(drawing, material, pixel)) drawing.fill(outline, layer);
  drawing.fill(
    outline,
    drawing.radial([lit * w * 0.3, -h * 0.36], w * 1.5, [
      [0, "#ffffff", 0.34],
      [0.4, "#ffffff", 0.04],
      [0.62, "#1a1626", 0.06],
      [1, "#1a1626", 0.46],
    ]),
  );
  for (const [x, y] of [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const) {
    for (const turn of [0.55, 0.7, 0.86]) {
      const line = polyline([
        [x * w, y * h],
        [x * w * turn, y * h * (1.3 - turn * 0.75)],
      ]);
      drawing.soften(line.d, "#1a1626", 0.2, 0.9, 4);
    }
  }
}

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
