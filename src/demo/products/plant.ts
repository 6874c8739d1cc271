/** Plants in pots. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import type { Point } from "../geometry.ts";
import { polygon } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { lathe } from "../solids/lathe.ts";
import { panel } from "../solids/panel.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { coloured } from "../textile.ts";
import { drawLeaf } from "./foliage.ts";
import { GROW, type Growth, SPECIES } from "./species.ts";
import { decorate } from "./vase.ts";

export function designPlant(random: Random, style: Style): Design {
  const species = random.pick(SPECIES);
  const pot = random.chance(0.2)
    ? {
        material: { kind: "rattan", colour: "#c9a06a" } as const,
        name: "rattan",
        colour: { name: "beige", hex: "#c9a06a" as const },
        pattern: "plain" as const,
      }
    : coloured(
        random,
        style,
        [
          ["ceramic", "ceramic"],
          ["terracotta", "ceramic"],
          ["stoneware", "ceramic"],
        ],
        0.5,
      );
  const finished =
    pot.name === "terracotta"
      ? {
          ...pot,
          colour: { name: "terracotta", hex: "#bd6b49" as const },
          material: { kind: "ceramic", colour: "#bd6b49" } as const,
        }
      : pot;
  const small = species === "cactus" || random.chance(0.35);
  const r = small ? random.between(6, 8.5) : random.between(15, 21);
  const h = r * random.between(1.3, 1.9);
  const form = random.pick(["tapered", "round", "straight", "footed"] as const);
  const profile = {
    tapered: [
      [r * 0.66, 0, 1],
      [r * 0.95, h * 0.84, 1],
      [r * 1.04, h * 0.85, 1],
      [r * 1.04, h, 1],
    ],
    round: [
      [r * 0.6, 0, 1],
      [r * 1.02, h * 0.4],
      [r * 0.98, h * 0.74],
      [r * 0.84, h, 1],
    ],
    straight: [
      [r * 0.94, 0, 1],
      [r, h * 0.06],
      [r, h, 1],
    ],
    footed: [
      [r * 0.5, 0, 1],
      [r * 0.42, h * 0.12],
      [r * 0.9, h * 0.42],
      [r, h, 1],
    ],
  } as const;
  const { bands, words } =
    finished.name === "rattan"
      ? { bands: [], words: [] }
      : decorate(random, style, finished.material.colour, h);
  const body = lathe([0, 0, 0], profile[form], finished.material, { hollow: true, inside: "#4a3628", bands });
  const growth: Growth = { leaves: [], stems: [] };
  const size = small ? random.between(20, 30) : random.between(70, 105);
  GROW[species](random, growth, size, r);
  return {
    noun: species,
    ...made(finished),
    details: [`${form === "round" ? "a round" : `a ${form}`} pot`, ...words],
    price: Math.round(small ? random.between(12, 45) : random.between(49, 190)),
    attributes: { species, height_cm: Math.round(size + h), pot_material: finished.name, pot_form: form },
    mount: small ? "table" : "floor",
    solids: [body, greenery(growth, h)],
  };
}

function greenery({ leaves, stems }: Growth, height: number): Solid {
  const silhouettes = [
    ...leaves.map(({ outline }) => outline),
    ...stems.map(({ line, width }) =>
      polygon([...line.points, ...line.points.map(([x, y]): Point => [x + width, y]).reverse()]),
    ),
  ];
  return panel(upright(0, height - 1.5, 0.5), silhouettes, (drawing, _view, pixel) => {
    for (const { line, width, colour } of stems) {
      drawing.mark(line.points);
      drawing.stroke(line, shade(colour, 0.75), Math.max(width, pixel * 1.5));
      drawing.stroke(line, colour, Math.max(width * 0.5, pixel * 0.7));
    }
    for (const each of leaves) drawLeaf(drawing, each, pixel);
  });
}
