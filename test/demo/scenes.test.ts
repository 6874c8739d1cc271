import { describe, expect, it } from "vitest";
import { CATEGORIES, FASHION_CATEGORIES } from "../../src/demo/design.ts";
import { renderPixels } from "../../src/demo/picture.ts";
import { generateProducts } from "../../src/demo/products.ts";
import { generateScenes, type Scene } from "../../src/demo/scenes.ts";
import { changedPixels } from "./pixels.ts";

const SEED = 8;
const products = generateProducts({ seed: SEED, count: CATEGORIES.length * 8 });
const scenes = generateScenes({ seed: SEED, count: 6, products });

/** What anti-aliasing changes at a box's edge stays below. */
const CLEAR_CHANGE = 16;

/** Of the longer side, while boxes are checked. */
const PIXELS = 280;

describe("the showroom's scenes", () => {
  it("are the same for the same seed", () => {
    expect(generateScenes({ seed: SEED, count: 6, products })).toEqual(scenes);
  });

  it("are rooms of furniture and outfits of clothes", () => {
    expect(scenes.map(({ kind }) => kind)).toEqual(["room", "outfit", "room", "outfit", "room", "outfit"]);
    for (const { kind, objects } of scenes) {
      expect(objects.length).toBeGreaterThanOrEqual(3);
      for (const { category } of objects) {
        expect((FASHION_CATEGORIES as readonly string[]).includes(category)).toBe(kind === "outfit");
      }
    }
  });

  it("name products that exist, each once, with their categories", () => {
    const byId = new Map(products.map((product) => [product.id, product]));
    for (const { objects } of scenes) {
      expect(new Set(objects.map(({ productId }) => productId)).size).toBe(objects.length);
      for (const { productId, category } of objects) expect(byId.get(productId)?.category).toBe(category);
    }
  });

  it("have boxes inside the picture", () => {
    for (const { objects } of scenes) {
      for (const {
        box: [x0, y0, x1, y1],
      } of objects) {
        expect(Math.min(x0, y0)).toBeGreaterThanOrEqual(0);
        expect(Math.max(x1, y1)).toBeLessThanOrEqual(1);
        expect(x1).toBeGreaterThan(x0);
        expect(y1).toBeGreaterThan(y0);
      }
    }
  });

  it("have boxes that hold what disappears with the product, and not much more", async () => {
    const bare = generateScenes({ seed: SEED, count: 6, products, shadows: false });
    for (const [index, scene] of bare.entries()) await checkBoxes(scene, index);
  });

  it("come without objects when there are no products", () => {
    const [room] = generateScenes({ seed: SEED, count: 1, products: [] });
    expect(room!.objects).toEqual([]);
    expect(room!.svg).toMatch(/^<svg /);
  });
});

async function checkBoxes(scene: Scene, index: number): Promise<void> {
  const whole = await renderPixels(scene.svg, PIXELS);
  for (const { productId, category, box } of scene.objects) {
    const without = generateScenes({
      seed: SEED,
      count: index + 1,
      products,
      shadows: false,
      without: [productId],
    })[index]!;
    const changed = changedPixels(whole, await renderPixels(without.svg, PIXELS), CLEAR_CHANGE);
    const [x0, y0, x1, y1] = box;
    const margin = 0.012;
    const inside = changed.filter(
      ([x, y]) => x > x0 - margin && x < x1 + margin && y > y0 - margin && y < y1 + margin,
    );
    const name = `${category} in ${scene.id}`;
    expect(inside.length, name).toBeGreaterThan(10);
    expect(inside.length / changed.length, name).toBeGreaterThan(0.97);
    const [xs, ys] = [inside.map(([x]) => x), inside.map(([, y]) => y)];
    const seen = (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
    expect(seen / ((x1 - x0) * (y1 - y0)), name).toBeGreaterThan(0.55);
  }
}
