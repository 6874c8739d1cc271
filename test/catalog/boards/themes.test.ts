import { describe, expect, it } from "vitest";
import { normals } from "../../../bench/search/clustered-vectors.ts";
import { themesOf } from "../../../src/catalog/boards/themes.ts";

function unit(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

function draw(seed: number): Float32Array<ArrayBuffer> {
  const normal = normals(seed);
  return unit(Float32Array.from({ length: 64 }, normal));
}

/** Vectors around so many directions, so many each. */
function around(...sizes: number[]): Float32Array<ArrayBuffer>[] {
  return sizes.flatMap((size, direction) =>
    Array.from({ length: size }, (_, n) => {
      const [centre, own] = [draw(direction + 1), draw(100 * (direction + 1) + n)];
      return unit(centre.map((value, at) => value + 0.5 * own[at]!));
    }),
  );
}

describe("themes", () => {
  it.each([[[9]], [[6, 5]], [[7, 5, 4]], [[12, 2]]])("of vectors around %j directions are those", (sizes) => {
    const themes = themesOf(around(...sizes));
    expect(themes.map(({ members }) => members.length)).toEqual(sizes);
    const starts = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
    expect(themes.map(({ members }) => members[0])).toEqual(starts);
    for (const { centre, members, medoid } of themes) {
      expect(Math.hypot(...centre)).toBeCloseTo(1, 5);
      expect(members).toContain(medoid);
    }
  });

  it("are the items themselves where there are up to three", () => {
    const vectors = around(2, 1);
    expect(themesOf(vectors).map(({ members }) => members)).toEqual([[0], [1], [2]]);
    expect(themesOf([])).toEqual([]);
  });

  it("are at most three", () => {
    expect(themesOf(around(3, 3, 3, 3, 3)).length).toBeLessThanOrEqual(3);
  });

  it("have a direction even where vectors are equal, or cancel each other", () => {
    const same = Array.from({ length: 6 }, () => draw(1));
    expect(themesOf(same)).toHaveLength(1);
    const [one, other] = [draw(1), draw(1).map((value) => -value)];
    for (const { centre } of themesOf([one, other, one, other])) {
      expect(centre.every(Number.isFinite)).toBe(true);
    }
  });
});
