import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { extentOf, type Vector } from "../geometry.ts";
import type { Material } from "../material.ts";
import { type Node, pair } from "../outline.ts";
import type { Random } from "../random.ts";
import { lathe } from "../solids/lathe.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { coloured } from "../textile.ts";
import { decorate } from "./vase.ts";

export function designMug(random: Random, style: Style): Design {
  const named = coloured(
    random,
    style,
    [
      ["stoneware", "ceramic"],
      ["porcelain", "ceramic"],
      ["enamel", "plastic"],
    ],
    0.5,
  );
  const form = random.pick(["straight", "barrel", "tapered", "bowl", "tall"] as const);
  const [r, h] = [
    random.between(4, 4.9),
    form === "tall" ? random.between(11, 12.5) : random.between(8, 9.8),
  ];
  const profiles: Record<typeof form, Node[]> = {
    straight: [
      [r * 0.9, 0, 1],
      [r, h * 0.07],
      [r, h, 1],
    ],
    barrel: [
      [r * 0.74, 0, 1],
      [r * 1.04, h * 0.42],
      [r * 0.92, h, 1],
    ],
    tapered: [
      [r * 0.68, 0, 1],
      [r * 0.74, h * 0.08],
      [r * 1.02, h, 1],
    ],
    bowl: [
      [r * 0.5, 0, 1],
      [r * 0.66, h * 0.08],
      [r * 1.16, h * 0.5],
      [r * 1.26, h, 1],
    ],
    tall: [
      [r * 0.76, 0, 1],
      [r * 0.82, h * 0.06],
      [r * 0.9, h, 1],
    ],
  };
  const { bands, words } = decorate(random, style, named.material.colour, h);
  const body = lathe([0, 0, 0], profiles[form], named.material, {
    hollow: true,
    inside: random.chance(0.5) ? "#f1ebe0" : named.material.colour,
    bands,
  });
  const drink = random.pick(["#5a3a26", "#7b5034", undefined] as const);
  const wide = profiles[form].at(-1)![0];
  const solids: Solid[] = [
    handle(form === "bowl" ? r * 1.08 : r * 0.9, h, named.material, random.chance(0.3)),
    body,
  ];
  if (drink) solids.push(surface(wide * 0.86, h - 0.5, drink));
  return {
    noun: form === "bowl" ? "cappuccino cup" : "mug",
    ...made(named),
    details: [`a ${form} body with a looped handle`, ...words],
    price: Math.round(random.between(9, 34)),
    attributes: { height_cm: Math.round(h), form, volume_ml: Math.round((Math.PI * r * r * h) / 50) * 50 },
    mount: "table",
    solids,
  };
}

/** A loop beside the body, made of short rods. */
function handle(radius: number, height: number, material: Material, angular: boolean): Solid {
  const points = Array.from({ length: 11 }, (_, index): Vector => {
    const angle = (index / 10 - 0.5) * Math.PI;
    const push = angular ? Math.sign(Math.cos(angle)) * Math.abs(Math.cos(angle)) ** 0.45 : Math.cos(angle);
    return [radius - 0.6 + push * height * 0.34, height * 0.52 + Math.sin(angle) * height * 0.3, 0];
  });
  return {
    hull: points,
    round: 0.55,
    draw(drawing, view) {
      const line = points.map((point) => view.project(point));
      const width = 1.1 * view.scale;
      const { x0, y0, x1, y1 } = extentOf(line, width / 2);
      drawing.mark([
        [x0, y0],
        [x1, y1],
      ]);
      const d = `M${line.map(pair).join("L")}`;
      for (const [colour, part, shift] of [
        [shade(material.colour, 0.55), 1, 0],
        [shade(material.colour, 0.86), 0.8, -0.08],
        [shade(material.colour, 1.25), 0.3, -0.2],
      ] as const) {
        drawing.add(
          `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${(width * part).toFixed(2)}" stroke-linecap="round" stroke-linejoin="round" transform="translate(${(shift * width).toFixed(2)} ${(shift * width).toFixed(2)})"/>`,
        );
      }
    },
  };
}

/** Coffee or tea inside the rim. */
function surface(radius: number, height: number, colour: `#${string}`): Solid {
  return lathe(
    [0, height, 0],
    [
      [radius, 0, 1],
      [radius, 0.01, 1],
    ],
    { kind: "paper", colour },
  );
}
