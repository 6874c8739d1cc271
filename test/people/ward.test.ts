import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/demo/random.ts";
import { cut, wardLinkage } from "../../src/people/ward.ts";

interface Case {
  readonly dimensions: number;
  readonly vectors: number[];
  readonly height: number[];
  readonly size: number[];
  readonly cut: number;
  readonly labels: number[];
}

const cases = JSON.parse(
  await readFile(new URL("fixtures/ward.json", import.meta.url), "utf8"),
) as readonly Case[];

describe("wardLinkage", () => {
  for (const { dimensions, vectors, height, size, cut: at, labels } of cases) {
    it(`merges ${vectors.length / dimensions} vectors at SciPy's heights`, () => {
      const linkage = wardLinkage(Float32Array.from(vectors), dimensions);
      for (const [merge, expected] of height.entries()) {
        expect(linkage.height[merge]).toBeCloseTo(expected, 6);
      }
      expect([...linkage.size]).toEqual(size);
      const byLabel = new Map<number, number[]>();
      for (const [index, label] of labels.entries())
        byLabel.set(label, [...(byLabel.get(label) ?? []), index]);
      expect(cut(linkage, at)).toEqual([...byLabel.values()]);
    });
  }

  it("joins what the definition joins, on any vectors", () => {
    const random = new Random(7);
    for (let round = 0; round < 20; round++) {
      const count = 2 + Math.floor(random.next() * 30);
      const vectors = Float32Array.from({ length: count * 5 }, () => random.next() - 0.5);
      const heights = [...wardLinkage(vectors, 5).height];
      const expected = byDefinition(vectors, 5);
      for (const [merge, height] of expected.entries()) expect(heights[merge]).toBeCloseTo(height, 6);
    }
  });

  it("joins equal vectors first, at height 0", () => {
    const { height } = wardLinkage(Float32Array.of(1, 0, 0, 1, 1, 0, 1, 0), 2);
    expect(height[0]).toBe(0);
    expect(height[1]).toBe(0);
    expect(height[2]).toBeCloseTo(Math.sqrt(1.5) * Math.SQRT2, 6);
  });

  it("takes none and one", () => {
    expect(cut(wardLinkage(new Float32Array(0), 4), 1)).toEqual([]);
    expect(cut(wardLinkage(new Float32Array(4), 4), 1)).toEqual([[0]]);
  });

  it("refuses rows that do not fit and numbers that are none", () => {
    expect(() => wardLinkage(new Float32Array(7), 2)).toThrow(RangeError);
    expect(() => wardLinkage(Float32Array.of(1, Number.NaN, 0, 1), 2)).toThrow(RangeError);
    expect(() => wardLinkage(Float32Array.of(1, Number.POSITIVE_INFINITY, 0, 1), 2)).toThrow(RangeError);
  });
});

/** Always the pair of clusters whose union adds least to the sum of squares, in O(n⁴). */
function byDefinition(vectors: Float32Array, dimensions: number): number[] {
  let clusters = Array.from({ length: vectors.length / dimensions }, (_, index) => [index]);
  const heights: number[] = [];
  while (clusters.length > 1) {
    const pairs = clusters.flatMap((a, i) => clusters.slice(i + 1).map((b) => ({ a, b })));
    const costs = pairs.map(({ a, b }) => spread([...a, ...b]) - spread(a) - spread(b));
    const least = Math.min(...costs);
    const { a, b } = pairs[costs.indexOf(least)]!;
    clusters = [...clusters.filter((cluster) => cluster !== a && cluster !== b), [...a, ...b]];
    heights.push(Math.sqrt(2 * Math.max(0, least)));
  }
  return heights;

  function spread(members: readonly number[]): number {
    let sum = 0;
    for (let at = 0; at < dimensions; at++) {
      const values = members.map((member) => vectors[member * dimensions + at]!);
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      for (const value of values) sum += (value - mean) ** 2;
    }
    return sum;
  }
}
