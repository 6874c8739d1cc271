import { describe, expect, test } from "vitest";
import { lookOf } from "../../src/catalog/look-category.ts";

/** A detector's categories, in its order. */
const LOOKS = (
  "top outerwear dress skirt trousers shorts legwear shoes bag hat glasses accessory " +
  "chair sofa table bed lamp plant curtain vase pot appliance screen clock"
).split(" ");

describe("the look category that an item's words name", () => {
  test.each([
    ["chair", "chair"],
    ["Chairs", "chair"],
    ["Dining chairs", "chair"],
    ["Furniture > Seating > Armchairs", "chair"],
    ["Home/Lighting/Table lamps", "lamp"],
    ["Couches", "sofa"],
    ["Settees", "sofa"],
    ["Women's Dresses", "dress"],
    ["T-Shirts & Tops", "top"],
    ["Hats and caps", "hat"],
    ["Men's jeans", "trousers"],
    ["Sneakers", "shoes"],
    ["Shoes > Boots", "shoes"],
    ["Scarves", "accessory"],
    ["Accessories", "accessory"],
    ["Sunglasses", "glasses"],
    ["Furniture > Tables > New in", "table"],
  ])("category %s: %s", (category, look) => {
    expect(lookOf({ category }, LOOKS)).toBe(look);
  });

  test.each([
    ["Furniture"],
    ["Home & Garden > Accessories"],
    ["Sofas & armchairs"],
    ["Wine glasses"],
    ["Bed linen"],
    ["Shoe racks"],
    ["Bean bags"],
    [""],
    ["> / |"],
    ["椅子"],
  ])("category %s is not clear", (category) => {
    expect(lookOf({ category }, LOOKS)).toBeUndefined();
  });

  test.each([
    ["Oslo chair, oak", "chair"],
    ["Chair Oslo", "chair"],
    ["POÄNG armchair", "chair"],
    ["Bedside table lamp", "lamp"],
    ["Lamp table", "table"],
    ["Coffee table with drawer and lamp", "table"],
    ["Dress shoes", "shoes"],
    ["Dress shirt", "top"],
    ["Sofa bed in grey", "sofa"],
    ["Set of 2 dining chairs", "chair"],
    ["Plant pot", "pot"],
    ["Artificial plant 30 cm", "plant"],
    ["Light blue jeans", "trousers"],
    ["Pendant light", "lamp"],
    ["High heels", "shoes"],
    ["TROUSERS", "trousers"],
    ["(new) red skirt", "skirt"],
  ])("title %s: %s", (title, look) => {
    expect(lookOf({ title }, LOOKS)).toBe(look);
  });

  test.each([
    ["Cover for a chair"],
    ["Chair cover"],
    ["Watch strap"],
    ["Lamp shade"],
    ["Light oak bench"],
    ["Top handle"],
    ["Dog bed"],
    ["Table tennis bat"],
    ["Handmade in Oslo"],
    ["chairman"],
  ])("title %s is not clear", (title) => {
    expect(lookOf({ title }, LOOKS)).toBeUndefined();
  });

  test("the category decides, where it is clear; else the title", () => {
    expect(lookOf({ category: "Lamps", title: "Chair" }, LOOKS)).toBe("lamp");
    expect(lookOf({ category: "Sofas & armchairs", title: "Armchair" }, LOOKS)).toBe("chair");
    expect(lookOf({ category: "Furniture", title: "Chair" }, LOOKS)).toBe("chair");
    expect(lookOf({}, LOOKS)).toBeUndefined();
  });

  test("only what the detector knows is named; of what only it knows, the name and its plural", () => {
    expect(lookOf({ category: "Chairs" }, ["sofa"])).toBeUndefined();
    expect(lookOf({ category: "Chairs" }, [])).toBeUndefined();
    expect(lookOf({ category: "Kitchen > Mugs" }, ["mug"])).toBe("mug");
    expect(lookOf({ title: "Coffee machine" }, ["coffee machine"])).toBe("coffee machine");
    expect(lookOf({ title: "Berries" }, ["berry"])).toBe("berry");
  });

  test("hostile texts take no time", () => {
    const category = "a > ".repeat(50);
    const title = `${"chair ".repeat(80)}${"(".repeat(20)}`;
    expect(lookOf({ category, title }, LOOKS)).toBe("chair");
    expect(lookOf({ category: "&".repeat(200), title: " with ".repeat(80) }, LOOKS)).toBeUndefined();
  });
});
