/** What every vector index must do, whatever it is made of. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClusteredVectors } from "../../bench/search/clustered-vectors.ts";
import { ExactIndex } from "../../src/catalog/exact-index.ts";
import type { Filter } from "../../src/catalog/filter.ts";
import { byRank, type Hit, InvalidQueryError, type VectorIndex } from "../../src/catalog/vector-index.ts";
import { entries, entry } from "./entries.ts";

export interface IndexUnderTest {
  readonly index: VectorIndex;
  /** Waits until what was written can be found. @default nothing to wait for */
  readonly settle?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

export interface ContractOptions {
  /** Largest difference of a score from the exact cosine. @default 1e-6 */
  readonly scoreTolerance?: number;
  /** Whether filters see the single values of attributes that are lists. @default true */
  readonly listAttributes?: boolean;
}

const SEED = 20;
const COUNT = 400;

export function testVectorIndex(
  name: string,
  open: () => Promise<IndexUnderTest>,
  { scoreTolerance = 1e-6, listAttributes = true }: ContractOptions = {},
): void {
  describe(`vector index: ${name} (seed ${SEED})`, () => {
    const vectors = new ClusteredVectors(SEED, COUNT, { perCategory: 40 });
    const all = entries(COUNT, vectors);
    const query = vectors.at(COUNT + 1);
    let tested: IndexUnderTest;
    let index: VectorIndex;
    let exact: ExactIndex;

    beforeEach(async () => {
      tested = await open();
      index = tested.index;
      exact = new ExactIndex();
      await write(all);
    });
    afterEach(() => tested.close?.());

    async function write(some: typeof all): Promise<void> {
      await index.upsert(some);
      await exact.upsert(some);
      await tested.settle?.();
    }
    async function erase(ids: string[]): Promise<void> {
      await index.remove(ids);
      await exact.remove(ids);
      await tested.settle?.();
    }
    async function ids(k: number, filter?: Filter): Promise<string[]> {
      return (await index.search({ vector: query, k, filter })).map(({ id }) => id);
    }

    test("an entry's own vector finds it first, with a score of 1", async () => {
      for (const n of [0, 17, COUNT - 1]) {
        const [first] = await index.search({ vector: all[n]!.vector, k: 1 });
        expect(first!.id).toBe(`item-${n}`);
        expect(first!.score).toBeCloseTo(1, 5);
      }
    });

    test("the ten best are those that exact search finds, with their cosines", async () => {
      const expected = await exact.search({ vector: query, k: 10 });
      const found = await index.search({ vector: query, k: 10 });
      expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      for (const [rank, { score }] of found.entries()) {
        expect(Math.abs(score - expected[rank]!.score)).toBeLessThanOrEqual(scoreTolerance);
      }
    });

    test("results are in order, and no more than asked for", async () => {
      const hits = await index.search({ vector: query, k: 50 });
      expect(hits).toHaveLength(50);
      expect(hits).toEqual([...hits].sort(byRank));
    });

    test("equal vectors come in the order of their ids", async () => {
      const { vector } = all[3]!;
      const twins = ["b", "B", "a-2", "a-10", "a", "Z"].map((id) => ({
        id,
        vector,
        facets: { category: "twins" },
      }));
      await write(twins);
      expect(await ids(6, { category: "twins" })).toEqual(["B", "Z", "a", "a-10", "a-2", "b"]);
    });

    const filters: Record<string, Filter> = {
      "a category": { category: "lamps" },
      "several categories": { category: ["lamps", "chairs", "unheard of"] },
      "a price from": { price: { min: 40.5 } },
      "a price up to": { price: { max: 3.5 } },
      "a price between": { price: { min: 10, max: 20 } },
      "an attribute": { attributes: { colour: "blue" } },
      "several values of an attribute": { attributes: { colour: ["blue", "red"] } },
      "a number": { attributes: { weight: 7 } },
      "a range of numbers": { attributes: { weight: { min: 3, max: 4 } } },
      "a yes": { attributes: { sale: true } },
      "everything together": {
        category: ["vases", "lamps"],
        price: { min: 5 },
        attributes: { colour: "green", weight: { max: 8 }, sale: false },
      },
      "what nothing has": { category: "unheard of" },
      "an attribute that nothing has": { attributes: { unheard: "of" } },
      "a text where numbers are": { attributes: { weight: "7" } },
      "no condition": {},
      ...(listAttributes && { "a value of a list": { attributes: { tags: ["tag-0", "tag-9"] } } }),
    };
    for (const [what, filter] of Object.entries(filters)) {
      test(`filters by ${what}`, async () => {
        const expected = await exact.search({ vector: query, k: 100, filter });
        expect(await ids(100, filter)).toEqual(expected.map(({ id }) => id));
      });
    }

    test("a replaced entry is found by its new vector and facets only", async () => {
      const replaced = { ...entry(5, vectors), vector: query, facets: { category: "new" } };
      await write([replaced]);
      expect((await ids(1))[0]).toBe("item-5");
      expect(await ids(10, { category: "new" })).toEqual(["item-5"]);
      expect(await index.size()).toBe(COUNT);
    });

    test("a removed entry is not found any more, and can come back", async () => {
      const [best, second] = await ids(2);
      await erase([best!, "item-unheard-of"]);
      expect((await ids(1))[0]).toBe(second);
      expect(await index.size()).toBe(COUNT - 1);
      await erase([best!]);
      expect(await index.size()).toBe(COUNT - 1);
      await write([all.find(({ id }) => id === best)!]);
      expect((await ids(1))[0]).toBe(best);
      expect(await index.size()).toBe(COUNT);
    });

    test("pages follow one another without gap or repetition", async () => {
      const whole = await index.search({ vector: query, k: 90 });
      const paged: Hit[] = [];
      while (paged.length < 90) {
        const last = paged.at(-1);
        const after = last && { score: last.score, id: last.id, seen: paged.length };
        paged.push(...(await index.search({ vector: query, k: 30, after })));
      }
      expect(paged.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    });

    test("what is written between two pages repeats nothing on the second", async () => {
      const first = await index.search({ vector: query, k: 30 });
      const last = first.at(-1)!;
      await write(entries(20, vectors, COUNT + 1));
      await erase([first[0]!.id]);
      const after = { score: last.score, id: last.id, seen: first.length };
      const second = await index.search({ vector: query, k: 30, after });
      expect(second.filter(({ id }) => first.some((hit) => hit.id === id))).toEqual([]);
      expect(second).toHaveLength(30);
    });

    test("explanations come on request only", async () => {
      const [plain] = await index.search({ vector: query, k: 1 });
      const [explained] = await index.search({ vector: query, k: 1, explain: true });
      expect(plain).not.toHaveProperty("explanation");
      expect(explained).toHaveProperty("explanation");
    });

    test("queries that cannot be answered are refused", async () => {
      const bad = [
        { vector: new Float32Array(12), k: 10 },
        { vector: new Float32Array(256).fill(Number.NaN), k: 10 },
        { vector: query, k: 0 },
        { vector: query, k: 1.5 },
        { vector: query, k: index.limits.results + 1 },
      ];
      for (const one of bad) await expect(index.search(one)).rejects.toThrow(InvalidQueryError);
    });

    test("a search ends with its window", async () => {
      const { window } = index.limits;
      if (!Number.isFinite(window)) return;
      const after = { score: 2, id: "", seen: window - 3 };
      expect(await index.search({ vector: query, k: 10, after })).toHaveLength(3);
      const end = { ...after, seen: window };
      await expect(index.search({ vector: query, k: 10, after: end })).rejects.toThrow(InvalidQueryError);
    });
  });
}
