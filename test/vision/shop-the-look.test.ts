import { describe, expect, it } from "vitest";
import { choose, widened } from "../../src/vision/shop-the-look.ts";

describe("a crop", () => {
  it("shows some of what is around the box, and nothing beyond the picture", () => {
    expect(widened({ x0: 0.4, y0: 0.4, x1: 0.6, y1: 0.5 }, 0.5)).toEqual({
      x0: expect.closeTo(0.3),
      y0: expect.closeTo(0.35),
      x1: expect.closeTo(0.7),
      y1: expect.closeTo(0.55),
    });
    expect(widened({ x0: 0, y0: 0.9, x1: 1, y1: 1 }, 0.5)).toMatchObject({ x0: 0, x1: 1, y1: 1 });
  });
});

describe("the choice of objects", () => {
  const object = (category: string, score: number) => ({
    box: { x0: 0, y0: 0, x1: 1, y1: 1 },
    category,
    score,
  });
  const objects = [object("chair", 0.9), object("lamp", 0.7), object("chair", 0.5), object("lamp", 0.3)];

  it("goes by score, category and number", () => {
    expect(choose(objects, { minScore: 0.4, maxObjects: 10 })).toEqual([0, 1, 2]);
    expect(choose(objects, { minScore: 0, maxObjects: 2 })).toEqual([0, 1]);
    expect(choose(objects, { minScore: 0, maxObjects: 10, categories: ["lamp"] })).toEqual([1, 3]);
    expect(choose(objects, { minScore: 0, maxObjects: 10, categories: ["bed"] })).toEqual([]);
  });
});
