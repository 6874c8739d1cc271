/** The page's sample scenes and what the showroom's categories are called elsewhere. */
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { SAMPLES } from "../../functions/api/page/look/samples.ts";
import { lookOf as lookOfItem } from "../../src/catalog/look-category.ts";
import { CATEGORIES } from "../../src/demo/design.ts";
import { lookOf } from "../../src/demo/looks.ts";
import { renderPixels } from "../../src/demo/picture.ts";
import { generateProducts, SHOWROOM } from "../../src/demo/products.ts";
import { outfits, rooms, SAMPLE_NAMES, SAMPLE_SIZE, sampleScenes } from "../../src/demo/sample-scenes.ts";

const FOLDER = resolve(import.meta.dirname, "../../functions/api/page/public/scenes");

/** What JPEG may change, of 255, on average. */
const JPEG_ERROR = 4;

/** Categories of Shop the Look that the showroom has something for. */
const LOOKS = [...new Set(CATEGORIES.flatMap((category) => lookOf(category) ?? []))];

const products = generateProducts(SHOWROOM);
const scenes = sampleScenes(products);

describe("the page's sample scenes", () => {
  it("are the drawings of the generator: `tsx scripts/draw-samples.ts` draws them anew", async () => {
    expect((await readdir(FOLDER)).sort()).toEqual(SAMPLE_NAMES.map((name) => `${name}.jpg`).sort());
    for (const [name, { svg }] of scenes) {
      const file = await readFile(join(FOLDER, `${name}.jpg`));
      const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      const drawn = await renderPixels(svg, SAMPLE_SIZE);
      expect([info.width, info.height], name).toEqual([drawn.width, drawn.height]);
      let difference = 0;
      for (let index = 0; index < data.length; index += 4)
        difference += Math.abs(data[index]! - drawn.data[index]!);
      expect(difference / (data.length / 4), name).toBeLessThan(JPEG_ERROR);
    }
  });

  it("are all offered by the page", () => {
    expect(SAMPLES.map(({ name }) => name).sort()).toEqual([...SAMPLE_NAMES].sort());
  });

  it("show products that the showroom sells, half of them rooms", () => {
    const sold = new Set(products.map(({ id }) => id));
    const [inRooms, inOutfits] = [rooms(), outfits()];
    expect(inRooms).toHaveLength(3);
    expect(inOutfits).toHaveLength(3);
    for (const { objects } of [...inRooms, ...inOutfits]) {
      expect(objects.length).toBeGreaterThanOrEqual(4);
      for (const { productId } of objects) expect(sold).toContain(productId);
    }
  });
});

describe("the showroom's categories", () => {
  it("have the looks that the catalogue reads from them", () => {
    for (const category of CATEGORIES)
      expect(lookOfItem({ category }, LOOKS), category).toBe(lookOf(category));
  });
});
