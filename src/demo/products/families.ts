/** Every category with the family that designs it. */
import type { Category, Designer } from "../design.ts";
import { designArmchair } from "./armchair.ts";
import { designBag } from "./bag.ts";
import { designBed } from "./bed.ts";
import { designBoots } from "./boots.ts";
import { designChair } from "./chair.ts";
import { designClock } from "./clock.ts";
import { designCoat } from "./coat.ts";
import { designCurtain } from "./curtain.ts";
import { designCushion } from "./cushion.ts";
import { designDress } from "./dress.ts";
import { designGlasses } from "./glasses.ts";
import { designHat } from "./hat.ts";
import { designLamp } from "./lamp.ts";
import { designMirror } from "./mirror.ts";
import { designMug } from "./mug.ts";
import { designPlant } from "./plant.ts";
import { designRug } from "./rug.ts";
import { designScarf } from "./scarf.ts";
import { designShelf } from "./shelf.ts";
import { designShirt } from "./shirt.ts";
import { designShoes } from "./shoes.ts";
import { designSkirt } from "./skirt.ts";
import { designSofa } from "./sofa.ts";
import { designTable } from "./table.ts";
import { designTop } from "./top.ts";
import { designShorts, designTrousers } from "./trousers.ts";
import { designVase } from "./vase.ts";

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
