/** How slates are put together: diversity at the edge, categories on the cold path. */
import { describe, expect, it } from "vitest";
import type { Starter } from "../../src/catalog/shard/protocol.ts";
import { mixed } from "../../src/feed/cold-feed.ts";
import { diversified } from "../../src/feed/diversity.ts";

describe("a diversified slate", () => {
  const at = (degrees: number, relevance: number) => {
    const angle = (degrees * Math.PI) / 180;
    return { relevance, vector: Float32Array.of(Math.cos(angle), Math.sin(angle)) };
  };

  it("begins with the best, and prefers another kind to the same again", () => {
    const best = at(0, 1);
    const twin = at(1, 0.99);
    const other = at(90, 0.9);
    const bad = at(180, 0);
    expect(diversified([twin, bad, other, best], 4)).toEqual([best, other, twin, bad]);
    expect(diversified([twin, bad, other, best], 4, 1)).toEqual([best, twin, other, bad]);
  });

  it("has each candidate once, and no more than there are", () => {
    const some = [at(0, 0.5), at(0, 0.5), at(0, 0.5)];
    expect(new Set(diversified(some, 10)).size).toBe(3);
    expect(diversified([], 3)).toEqual([]);
    expect(diversified(some, 0)).toEqual([]);
  });
});

describe("a mixed slate", () => {
  const starter = (id: string, category?: string): Starter => ({
    id,
    createdAt: 0,
    popularity: 0,
    ...(category !== undefined && { category }),
  });
  const ids = (starters: readonly Starter[]) => starters.map(({ id }) => id);

  it("takes from each list in turns, of each the category that is there the least", () => {
    const popular = [starter("p1", "vases"), starter("p2", "vases"), starter("p3", "lamps")];
    const newest = [starter("n1", "vases"), starter("n2", "rugs"), starter("n3")];
    expect(ids(mixed([popular, newest], 6))).toEqual(["p1", "n2", "p3", "n3", "p2", "n1"]);
  });

  it("has nothing twice, and ends when all lists do", () => {
    const same = [starter("a", "x"), starter("b", "x")];
    expect(ids(mixed([same, same, []], 5))).toEqual(["a", "b"]);
    expect(mixed([[], [], []], 5)).toEqual([]);
    expect(mixed([same], 0)).toEqual([]);
  });
});
