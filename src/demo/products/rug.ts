/** Rugs. */
import { mix, shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { surfaceLayers } from "../material.ts";
import { PATTERNS } from "../motif.ts";
import { ellipse, type Outline, rectangle, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { panel } from "../solids/panel.ts";
import { horizontal } from "../solids/slab.ts";
import { hue, type Style } from "../styles.ts";
import { cloth } from "../textile.ts";

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
