/** Mirrors. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { ellipse, type Outline, polygon, rectangle, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { panel } from "../solids/panel.ts";
import { slab } from "../solids/slab.ts";
import type { Solid } from "../solids/solid.ts";
import { hue, type Style } from "../styles.ts";
import { coloured, metal, wood } from "../textile.ts";

export function designMirror(random: Random, style: Style): Design {
  const named = random.pick([
    wood,
    metal,
    metal,
    (r: Random, s: Style) => coloured(r, s, [["lacquer", "plastic"]], 0.6),
    () => ({
      material: { kind: "rattan", colour: "#c9a46c" } as const,
      name: "rattan",
      colour: { name: "beige", hex: "#c9a46c" as const },
      pattern: "plain" as const,
    }),
  ])(random, style);
  const form = random.pick(["round", "oval", "arched", "rectangular", "organic", "sunray"] as const);
  const [w, h] =
    form === "round" || form === "sunray" ? [36, 36] : [random.between(26, 34), random.between(44, 60)];
  const edge = random.between(1.4, 5);
  const shape = (grow: number): Outline => {
    const [x, y] = [w + grow, h + grow];
    switch (form) {
      case "round":
      case "sunray":
      case "oval":
        return ellipse(0, 0, x, y);
      case "arched":
        return spline(
          symmetric([
            [0, -y],
            [x * 0.72, -y + x * 0.3],
            [x, -y + x, 0],
            [x, 0, 1],
            [x, y, 1],
          ]),
        );
      case "rectangular":
        return rectangle(-x, -y, 2 * x, 2 * y, 3);
      case "organic":
        return spline([
          [-x * 0.2, -y],
          [x * 0.7, -y * 0.8],
          [x, -y * 0.1],
          [x * 0.66, y * 0.7],
          [-x * 0.1, y],
          [-x * 0.9, y * 0.62],
          [-x * 0.8, -y * 0.2],
          [-x * 0.8, -y * 0.76],
        ]);
    }
  };
  const solids: Solid[] = [];
  if (form === "sunray") {
    for (let ray = 0; ray < 36; ray++) {
      const angle = (ray / 36) * 2 * Math.PI;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const long = 36 + (ray % 2 ? 12 : 19);
      const side = 1.2;
      solids.push(
        slab(
          upright(0, 0, 0),
          polygon([
            [cos * 34 - sin * side, sin * 34 + cos * side],
            [cos * long - sin * side, sin * long + cos * side],
            [cos * long + sin * side, sin * long - cos * side],
            [cos * 34 + sin * side, sin * 34 - cos * side],
          ]),
          1,
          named.material,
        ),
      );
    }
  }
  solids.push(slab(upright(0, 0, 2), shape(edge), 3, named.material));
  const glass = shape(0);
  const sky = hue(random.pick(["sky", "stone", "mint"])).hex;
  solids.push(
    panel(upright(0, 0, 2.1), [glass], (drawing, view, pixel) => {
      drawing.clipped([glass], () => {
        const top = drawing.linear(
          [-w, -h],
          [w, h],
          [
            [0, shade(sky, 1.7)],
            [0.45, shade(sky, 1.15)],
            [1, shade(sky, 0.72)],
          ],
        );
        drawing.fill(glass, top);
        drawing.soften(
          `M${-w * 1.2} ${h * 0.45}L${w * 1.2} ${h * 0.3}V${h * 1.2}H${-w * 1.2}Z`,
          shade(sky, 0.62),
          0.45,
          pixel * 10,
        );
        const lean = view.light[0] < 0 ? 1 : -1;
        for (const [at, width] of [
          [-0.55, 0.34],
          [0.1, 0.12],
        ] as const) {
          drawing.fill(
            polygon([
              [w * (at + 0.5) * lean, -h * 1.1],
              [w * (at + width + 0.5) * lean, -h * 1.1],
              [w * (at + width - 0.5) * lean, h * 1.1],
              [w * (at - 0.5) * lean, h * 1.1],
            ]),
            "#ffffff",
            0.24,
          );
        }
      });
      drawing.stroke(glass, shade(named.material.colour, 0.4), pixel * 2.4, 0.55);
      drawing.mark(glass.points);
    }),
  );
  return {
    noun: `${form} mirror`,
    ...made(named),
    details: [`a ${edge > 3.5 ? "broad" : "slender"} frame of ${named.name}`],
    price: Math.round(random.between(49, 390)),
    attributes: { form, width_cm: Math.round(w * 2), height_cm: Math.round(h * 2) },
    mount: "wall",
    solids,
  };
}
