/**
 * The scenes that the page offers at first start: rooms and outfits of products that the showroom sells. Where each
 * product is in them is known.
 */
import { generateProducts, type Product, SHOWROOM } from "./products.ts";
import { generateScenes, type Scene } from "./scenes.ts";

/** Numbers of the scenes, by the names that the page gives them. */
export const SAMPLE_SCENES = {
  "living-room": 20,
  bedroom: 30,
  parlour: 10,
  "denim-jacket": 29,
  "camel-coat": 33,
  "lilac-skirt": 11,
} as const;

export type SampleName = keyof typeof SAMPLE_SCENES;

export const SAMPLE_NAMES = Object.keys(SAMPLE_SCENES) as SampleName[];

/** Pixels of the longer side of their pictures. */
export const SAMPLE_SIZE = 640;

/** The scenes by name, drawn from the showroom's stock. */
export function sampleScenes(
  products: readonly Product[] = generateProducts(SHOWROOM),
): ReadonlyMap<SampleName, Scene> {
  const count = Math.max(...Object.values(SAMPLE_SCENES)) + 1;
  const scenes = generateScenes({ seed: SHOWROOM.seed, count, products });
  return new Map(SAMPLE_NAMES.map((name) => [name, scenes[SAMPLE_SCENES[name]]!]));
}

/** Rooms among them, with the box and the product of everything in them. */
export function rooms(): Scene[] {
  return ofKind("room");
}

/** Outfits among them, laid out and worn. */
export function outfits(): Scene[] {
  return ofKind("outfit");
}

function ofKind(kind: Scene["kind"]): Scene[] {
  return [...sampleScenes().values()].filter((scene) => scene.kind === kind);
}
