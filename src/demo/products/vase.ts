import { type Hex, mix, shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import type { Vector } from "../geometry.ts";
import type { Node } from "../outline.ts";
import type { Random } from "../random.ts";
import { type Band, lathe } from "../solids/lathe.ts";
import type { Solid } from "../solids/solid.ts";
import { hue, type Style } from "../styles.ts";
import { coloured } from "../textile.ts";
import { type BranchKind, branch } from "./foliage.ts";

const FORMS = [
  "bottle",
  "amphora",
  "globe",
  "cylinder",
  "bulb",
  "hourglass",
  "trumpet",
  "gourd",
  "jug",
] as const;

export type VaseForm = (typeof FORMS)[number];

/** Profiles for a vase of the given widest radius and height. */
export function vaseProfile(form: VaseForm, r: number, h: number): Node[] {
  const profiles: Record<VaseForm, Node[]> = {
    bottle: [
      [r * 0.7, 0, 1],
      [r, h * 0.22],
      [r * 0.86, h * 0.46],
      [r * 0.26, h * 0.66],
      [r * 0.24, h * 0.94],
      [r * 0.32, h, 1],
    ],
    amphora: [
      [r * 0.36, 0, 1],
      [r * 0.8, h * 0.32],
      [r, h * 0.6],
      [r * 0.42, h * 0.84],
      [r * 0.4, h * 0.92],
      [r * 0.56, h, 1],
    ],
    globe: [
      [r * 0.5, 0, 1],
      [r * 0.96, h * 0.32],
      [r * 0.9, h * 0.66],
      [r * 0.36, h * 0.9],
      [r * 0.38, h, 1],
    ],
    cylinder: [
      [r * 0.92, 0, 1],
      [r, h * 0.05],
      [r, h, 1],
    ],
    bulb: [
      [r * 0.6, 0, 1],
      [r, h * 0.26],
      [r * 0.62, h * 0.5],
      [r * 0.4, h * 0.72],
      [r * 0.6, h, 1],
    ],
    hourglass: [
      [r * 0.9, 0, 1],
      [r * 0.96, h * 0.12],
      [r * 0.46, h * 0.52],
      [r * 0.86, h * 0.9],
      [r * 0.9, h, 1],
    ],
    trumpet: [
      [r * 0.56, 0, 1],
      [r * 0.5, h * 0.1],
      [r * 0.34, h * 0.44],
      [r * 0.56, h * 0.8],
      [r, h, 1],
    ],
    gourd: [
      [r * 0.6, 0, 1],
      [r, h * 0.22],
      [r * 0.46, h * 0.5],
      [r * 0.64, h * 0.7],
      [r * 0.34, h * 0.92],
      [r * 0.36, h, 1],
    ],
    jug: [
      [r * 0.7, 0, 1],
      [r, h * 0.3],
      [r * 0.9, h * 0.58],
      [r * 0.5, h * 0.8],
      [r * 0.64, h, 1],
    ],
  };
  return profiles[form];
}

/** Rings, a dipped glaze, or nothing. */
export function decorate(
  random: Random,
  style: Style,
  colour: Hex,
  height: number,
): { bands: Band[]; words: string[] } {
  const ink = hue(random.pick([...style.accents, "white", "black"])).hex;
  switch (random.pick(["plain", "plain", "dipped", "rings", "belt", "raw foot"] as const)) {
    case "dipped":
      return {
        bands: [{ from: height * random.between(0.45, 0.65), to: height * 1.1, colour: ink, opacity: 0.92 }],
        words: ["dipped in a second glaze"],
      };
    case "rings":
      return {
        bands: [0.3, 0.38, 0.46, 0.6].map((at) => ({
          from: height * at,
          to: height * (at + 0.035),
          colour: ink,
          opacity: 0.8,
        })),
        words: ["painted rings"],
      };
    case "belt":
      return {
        bands: [
          { from: height * 0.28, to: height * 0.5, colour: mix(ink, colour, 0.25) },
          { from: height * 0.26, to: height * 0.275, colour: ink },
          { from: height * 0.51, to: height * 0.525, colour: ink },
        ],
        words: ["a broad painted belt"],
      };
    case "raw foot":
      return {
        bands: [{ from: -1, to: height * 0.16, colour: mix("#c9a98a", colour, 0.15) }],
        words: ["a raw, unglazed foot"],
      };
    default:
      return { bands: [], words: [] };
  }
}

export function designVase(random: Random, style: Style): Design {
  const named = coloured(random, style, [
    ["ceramic", "ceramic"],
    ["stoneware", "stone"],
    ["glass", "glass"],
    ["porcelain", "ceramic"],
  ]);
  const form = random.pick(FORMS);
  const tall = form === "globe" ? random.between(0.9, 1.2) : random.between(1.4, 2.6);
  const r = random.between(7, 11);
  const h = r * tall * (form === "cylinder" ? 1.1 : 1.25);
  const material =
    named.material.kind === "stone" ? { ...named.material, kind: "ceramic" as const } : named.material;
  const { bands, words } =
    named.name === "glass" ? { bands: [], words: [] } : decorate(random, style, material.colour, h);
  const fluted = words.length === 0 && random.chance(0.3);
  const body = lathe([0, 0, 0], vaseProfile(form, r, h), material, {
    hollow: true,
    inside: shade(material.colour, 0.8),
    bands,
    ...(fluted ? { flutes: 15 } : {}),
  });
  const solids: Solid[] = [body];
  const kind: BranchKind | undefined = random.chance(0.6)
    ? random.pick(["eucalyptus", "blossom", "pampas", "tulips", "branch"] as const)
    : undefined;
  if (kind) {
    const mouth: Vector = [0, h * 0.96, 0];
    const stems = form === "bottle" || form === "gourd" ? 2 : random.integer(3, 5);
    solids.unshift(
      branch(
        random,
        kind,
        mouth,
        h * random.between(0.8, 1.3) + 8,
        stems,
        hue(random.pick(style.accents)).hex,
      ),
    );
  }
  return {
    noun: `${form} vase`,
    ...made(named),
    details: [...(fluted ? ["fluted all round"] : words), ...(kind ? [`shown with ${kind}`] : [])],
    price: Math.round(random.between(19, 140)),
    attributes: { height_cm: Math.round(h), form, ...(kind ? { styling: kind } : {}) },
    mount: "table",
    solids,
  };
}
