/** Cushions. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import type { Drawing } from "../drawing.ts";
import { surfaceLayers } from "../material.ts";
import { PATTERNS } from "../motif.ts";
import { ellipse, type Node, type Outline, polyline, rectangle, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { panel } from "../solids/panel.ts";
import { hue, type Style } from "../styles.ts";
import { cloth } from "../textile.ts";

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
