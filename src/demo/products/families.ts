/** Every category with the family that designs it. */
import type { Category, Designer } from "../design.ts";
import { designGlasses, designHat, designScarf } from "./accessories.ts";
import { designArmchair } from "./armchair.ts";
import { designBag } from "./bag.ts";
import { designBed } from "./bed.ts";
import { designShorts, designSkirt, designTrousers } from "./bottoms.ts";
import { designChair } from "./chair.ts";
import { designCoat } from "./coat.ts";
import { designDress } from "./dress.ts";
import { designBoots, designShoes } from "./footwear.ts";
import { designLamp } from "./lamp.ts";
import { designMug } from "./mug.ts";
import { designPlant } from "./plant.ts";
import { designShelf } from "./shelf.ts";
import { designSofa } from "./sofa.ts";
import { designCurtain, designCushion, designRug } from "./soft-goods.ts";
import { designTable } from "./table.ts";
import { designShirt, designTop } from "./tops.ts";
import { designVase } from "./vase.ts";
import { designClock, designMirror } from "./wall.ts";

export const FAMILIES: Readonly<Record<Category, Designer>> = {
  chair: designChair,
  armchair: designArmchair,
  sofa: designSofa,
  table: designTable,
  bed: designBed,
  lamp: designLamp,
  vase: designVase,
  plant: designPlant,
  rug: designRug,
  mug: designMug,
  cushion: designCushion,
  shelf: designShelf,
  clock: designClock,
  mirror: designMirror,
  curtain: designCurtain,
  dress: designDress,
  top: designTop,
  shirt: designShirt,
  coat: designCoat,
  trousers: designTrousers,
  skirt: designSkirt,
  shorts: designShorts,
  shoes: designShoes,
  boots: designBoots,
  bag: designBag,
  hat: designHat,
  glasses: designGlasses,
  scarf: designScarf,
};
