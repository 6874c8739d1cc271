import { describe, expect, it } from "vitest";
import { shrink } from "../../src/media/shrink.ts";

const WHITE = [255, 255, 255] as const;

function filled(width: number, height: number, rgba: readonly number[]) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set(rgba, at);
  return { width, height, data };
}

describe("a smaller copy of a picture", () => {
  it("keeps the aspect ratio, with its longest side as asked", () => {
    expect(shrink(filled(300, 100, [9, 9, 9, 255]), 60, WHITE)).toMatchObject({ width: 60, height: 20 });
    expect(shrink(filled(100, 300, [9, 9, 9, 255]), 60, WHITE)).toMatchObject({ width: 20, height: 60 });
    expect(shrink(filled(1, 4000, [9, 9, 9, 255]), 60, WHITE)).toMatchObject({ width: 1, height: 60 });
  });

  it("changes no pixel of a picture that is small enough, but copies it", () => {
    const picture = filled(8, 8, [10, 20, 30, 255]);
    picture.data.set([200, 100, 50, 255], 36);
    const copy = shrink(picture, 8, WHITE);
    expect(copy.data).toEqual(picture.data);
    picture.data.fill(0);
    expect(copy.data[0]).toBe(10);
  });

  it("is opaque, with the background behind what was transparent", () => {
    const { data, opaque } = shrink(filled(20, 20, [0, 0, 0, 0]), 10, [1, 2, 3]);
    expect([...data.slice(0, 4)]).toEqual([1, 2, 3, 255]);
    expect(opaque).toBe(true);
  });
});
