import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { distance } from "../../src/demo/colour.ts";
import { CATEGORIES } from "../../src/demo/design.ts";
import { renderPicture, renderPixels } from "../../src/demo/picture.ts";
import { designOf, drawView, generateProducts } from "../../src/demo/products.ts";
import { hue, STYLES } from "../../src/demo/styles.ts";
import { changedPixels, contrast } from "./pixels.ts";

const SEED = 20;
const products = generateProducts({ seed: SEED, count: CATEGORIES.length * 4 });
const digest = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

describe("the showroom's products", () => {
  it("are the same for the same seed", () => {
    expect(digest(generateProducts({ seed: SEED, count: products.length }))).toBe(digest(products));
  });

  it("are others for another seed", () => {
    const others = generateProducts({ seed: SEED + 1, count: products.length });
    const ids = new Set(products.map(({ id }) => id));
    expect(others.filter(({ id }) => ids.has(id))).toEqual([]);
    expect(digest(others)).not.toBe(digest(products));
  });

  it("do not depend on how many follow", () => {
    expect(generateProducts({ seed: SEED, count: 5 })).toEqual(products.slice(0, 5));
  });

  it("cover every category", () => {
    expect(new Set(products.map(({ category }) => category))).toEqual(new Set(CATEGORIES));
  });

  it("have ids, titles, descriptions and prices that a catalogue takes", () => {
    expect(new Set(products.map(({ id }) => id)).size).toBe(products.length);
    for (const { id, title, description, price } of products) {
      expect(id).toMatch(/^showroom-[a-z]+-[a-z0-9]{1,7}$/);
      expect(title.length).toBeLessThan(120);
      expect(`${title} ${description}`).not.toMatch(/undefined|null|NaN|\[object| {2}/);
      expect(description).toMatch(/^[A-Z][\s\S]*\.$/);
      expect(price).toBeGreaterThan(5);
    }
  });

  it("say in their titles what their attributes say", () => {
    for (const { title, description, attributes, style } of products) {
      const { colour, material, pattern, type } = attributes;
      expect(title).toContain(String(type));
      expect(title).toContain(String(material));
      expect(title).toContain(String(colour));
      expect(title.includes(String(pattern))).toBe(pattern !== "plain");
      expect(attributes.style).toBe(style);
      expect(description.toLowerCase()).toContain(style);
    }
  });

  it("are drawn in the colour that they are named after", () => {
    for (const product of products) {
      const design = designOf(product);
      expect(design.colour.name).toBe(product.attributes.colour);
      expect(design.colour.hex).toBe(product.hex);
    }
  });

  it("differ within a category, by shape or by colour", () => {
    for (const category of CATEGORIES) {
      const [one, other] = products.filter((product) => product.category === category);
      expect(one!.svg).not.toBe(other!.svg);
    }
    const chairs = generateProducts({ seed: SEED, count: CATEGORIES.length * 24 }).filter(
      ({ category }) => category === "chair",
    );
    expect(new Set(chairs.map(({ attributes }) => attributes.type)).size).toBeGreaterThanOrEqual(5);
    const far = chairs.slice(1).filter(({ hex }, index) => distance(hex, chairs[index]!.hex) > 0.08);
    expect(far.length).toBeGreaterThan(chairs.length / 2);
  });

  it("render to pictures of the expected size that show something", async () => {
    for (const { svg, category } of products.slice(0, CATEGORIES.length)) {
      const pixels = await renderPixels(svg, 160);
      expect(Math.max(pixels.width, pixels.height), category).toBe(160);
      expect(contrast(pixels), category).toBeGreaterThan(8);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it("are square pictures, and upright ones of clothes", () => {
    const size = (category: string) =>
      /viewBox="([^"]+)"/.exec(products.find((product) => product.category === category)!.svg)?.[1];
    expect(size("sofa")).toBe("0 0 640 640");
    expect(size("dress")).toBe("0 0 512 640");
  });

  it("look different from category to category", async () => {
    const pictures = await Promise.all(
      products.slice(0, CATEGORIES.length).map(({ svg }) => renderPixels(svg, 48)),
    );
    const square = pictures.filter(({ width, height }) => width === height);
    for (const [index, one] of square.entries()) {
      for (const other of square.slice(index + 1)) {
        expect(changedPixels(one, other, 20).length).toBeGreaterThan(one.width * one.height * 0.1);
      }
    }
  });

  it("choose from colours that can be told apart within a style", () => {
    for (const { name, hues } of Object.values(STYLES)) {
      const colours = hues.map((each) => hue(each).hex);
      for (const [index, one] of colours.entries()) {
        for (const other of colours.slice(index + 1))
          expect(distance(one, other), name).toBeGreaterThan(0.03);
      }
    }
  });

  it("fit in about 30 KB as JPEG at 512 pixels", async () => {
    let total = 0;
    const some = products.filter((_, index) => index % 7 === 0);
    for (const { svg } of some) {
      const { bytes, type, width, height } = await renderPicture(svg, 512);
      expect(type).toBe("image/jpeg");
      expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
      expect(Math.max(width, height)).toBe(512);
      expect(bytes.byteLength).toBeLessThan(90_000);
      total += bytes.byteLength;
    }
    expect(total / some.length).toBeLessThan(40_000);
  });

  it("refuse to be rendered larger than the showroom's pictures are", async () => {
    await expect(renderPicture(products[0]!.svg, 641)).rejects.toThrow(RangeError);
    await expect(renderPixels(products[0]!.svg, 0)).rejects.toThrow(RangeError);
  });

  it("have further views: the first is the product's own picture, the others show it anew", async () => {
    for (const product of products.slice(0, 3)) {
      expect(drawView(product, 0)).toBe(product.svg);
      expect(drawView(product, 1)).toBe(drawView(product, 1));
      const [own, other] = [
        await renderPixels(product.svg, 96),
        await renderPixels(drawView(product, 1), 96),
      ];
      expect(changedPixels(own, other, 12).length).toBeGreaterThan(own.width * own.height * 0.1);
    }
  });
});
