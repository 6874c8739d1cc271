/** The kernel against a plain computation, in Node and in workerd. */
import { describe, expect, test } from "vitest";
import { scatter } from "../../bench/search/clustered-vectors.ts";
import { HammingIndex, MAX_KEY } from "../../src/catalog/hamming-index.ts";
import { type CodeBytes, MAX_CANDIDATES, SEGMENT_CODES } from "../../src/catalog/kernels/layout.ts";
import { KeySet } from "../../src/catalog/key-set.ts";

const SEED = 7;

/** Code `n`: most bits as in code 0, so that distances are of all sizes and often equal. */
function codeOf(n: number, length: number): Uint8Array {
  return Uint8Array.from(
    { length },
    (_, i) => scatter(i, SEED) ^ (scatter(n * 32 + i, SEED) & scatter(n, SEED + i)),
  );
}

function distance(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, byte, i) => sum + (byte ^ b[i]!).toString(2).replaceAll("0", "").length, 0);
}

/** All pairs of key and distance, nearest first, as the index should answer. */
function expected(codes: Map<number, Uint8Array>, query: Uint8Array): [number, number][] {
  return [...codes]
    .map(([key, one]): [number, number] => [key, distance(one, query)])
    .sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}

function answer(index: HammingIndex, ...query: Parameters<HammingIndex["nearest"]>): [number, number][] {
  const { keys, distances } = index.nearest(...query);
  return [...keys].map((key, i) => [key, distances[i]!]);
}

export function testHammingIndex(): void {
  for (const bytes of [16, 32] as const) testCodesOf(bytes);
}

function testCodesOf(length: CodeBytes): void {
  const bits = length * 8;
  const code = (n: number) => codeOf(n, length);
  const create = () => HammingIndex.create(length);

  describe(`Hamming index of ${bits} bits (seed ${SEED})`, () => {
    const codes = new Map(Array.from({ length: 700 }, (_, n) => [n, code(n)]));
    const filled = async () => {
      const index = await create();
      for (const [key, one] of codes) index.set(key, one);
      return index;
    };

    test("finds what a plain computation finds, for every limit", async () => {
      const index = await filled();
      const query = code(1000);
      const all = expected(codes, query);
      for (const limit of [1, 2, 15, 16, 17, 100, 699, 700, 701, MAX_CANDIDATES]) {
        expect(answer(index, query, limit)).toEqual(all.slice(0, limit));
      }
    });

    test("an empty index finds nothing", async () => {
      expect(answer(await create(), code(1), 10)).toEqual([]);
    });

    test("distances reach from 0 to the number of bits", async () => {
      const index = await create();
      index.set(3, new Uint8Array(length));
      index.set(9, new Uint8Array(length).fill(255));
      index.set(
        10,
        Uint8Array.from({ length }, (_, i) => (i === length - 1 ? 254 : 255)),
      );
      expect(answer(index, new Uint8Array(length), 3)).toEqual([
        [3, 0],
        [10, bits - 1],
        [9, bits],
      ]);
    });

    test("the smallest keys stay when there are more equal codes than asked for", async () => {
      const index = await create();
      for (let key = 999; key >= 0; key--) index.set(key, code(0));
      expect(answer(index, code(0), 5).map(([key]) => key)).toEqual([0, 1, 2, 3, 4]);
    });

    test("a radius leaves out what is further away", async () => {
      const index = await filled();
      const all = expected(codes, code(0));
      const radius = all[40]![1];
      expect(answer(index, code(0), 500, { radius })).toEqual(all.filter(([, one]) => one <= radius));
    });

    test("searches among chosen keys only, and only those that are there", async () => {
      const index = await filled();
      const among = new KeySet();
      for (const key of [5, 64, 65, 200, 699, 5000, 900_000]) among.add(key);
      const chosen = expected(codes, code(2000)).filter(([key]) => among.has(key));
      expect(answer(index, code(2000), 10, { among })).toEqual(chosen);
      expect(answer(index, code(2000), 10, { among: new KeySet() })).toEqual([]);
    });

    test("leaves out keys that are not wanted, alone or among chosen ones", async () => {
      const index = await filled();
      const except = new KeySet();
      for (const key of [0, 5, 64, 699, 900_000]) except.add(key);
      const rest = expected(codes, code(2000)).filter(([key]) => !except.has(key));
      expect(answer(index, code(2000), 700, { except })).toEqual(rest);
      expect(answer(index, code(2000), 700, { except: new KeySet() })).toHaveLength(700);
      const among = new KeySet();
      for (const key of [5, 64, 65, 200]) among.add(key);
      const both = rest.filter(([key]) => among.has(key));
      expect(answer(index, code(2000), 10, { among, except })).toEqual(both);
    });

    test("removed codes are gone, replaced ones are new", async () => {
      const index = await filled();
      expect([index.delete(0), index.delete(0), index.delete(12_345_678)]).toEqual([true, false, false]);
      index.set(1, code(0));
      expect(index.size).toBe(699);
      expect([index.has(0), index.has(1), index.has(700)]).toEqual([false, true, false]);
      expect(answer(index, code(0), 1)).toEqual([[1, 0]]);
      index.set(0, code(0));
      expect(answer(index, code(0), 2)).toEqual([
        [0, 0],
        [1, 0],
      ]);
    });

    test("keys cross segments, and loading many is the same as setting each", async () => {
      const first = SEGMENT_CODES - 350;
      const index = await create();
      const bytes = new Uint8Array(700 * length);
      for (const [n, one] of codes) bytes.set(one, n * length);
      index.load(first, bytes);
      expect(index.size).toBe(700);
      const shifted = expected(codes, code(4)).map(([key, one]): [number, number] => [key + first, one]);
      expect(answer(index, code(4), 60)).toEqual(shifted.slice(0, 60));
      const among = new KeySet();
      for (let key = SEGMENT_CODES; key < SEGMENT_CODES + 100; key++) among.add(key);
      expect(answer(index, code(4), 700, { among })).toEqual(shifted.filter(([key]) => among.has(key)));
    });

    test("codes that come ever nearer do not outgrow the room for candidates", async () => {
      const index = await create();
      const count = 70_000;
      const bytes = new Uint8Array(count * length);
      const distanceOf = (n: number) => bits - Math.floor((n / count) * bits);
      for (let n = 0; n < count; n++) {
        for (let bit = 0; bit < distanceOf(n); bit++) bytes[n * length + (bit >> 3)]! |= 1 << (bit & 7);
      }
      index.load(0, bytes);
      const found = answer(index, new Uint8Array(length), 12_000);
      expect(found).toHaveLength(12_000);
      const all = Array.from({ length: count }, (_, n): [number, number] => [n, distanceOf(n)]);
      all.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
      expect(found).toEqual(all.slice(0, 12_000));
    });

    test("memory grows by segments and does not shrink", async () => {
      const index = await create();
      const before = index.memoryBytes;
      index.set(0, code(0));
      const one = index.memoryBytes;
      index.set(SEGMENT_CODES - 1, code(0));
      expect(index.memoryBytes).toBe(one);
      expect(one - before).toBeGreaterThan(SEGMENT_CODES * length);
      index.set(SEGMENT_CODES, code(0));
      expect(index.memoryBytes - one).toBe(one - before);
    });

    test("a shorter code costs half as much memory", async () => {
      const index = await create();
      index.set(SEGMENT_CODES - 1, code(0));
      const [live, chosen] = [SEGMENT_CODES / 8, SEGMENT_CODES / 8];
      const segment = SEGMENT_CODES * length + live + chosen;
      expect(index.memoryBytes).toBeGreaterThanOrEqual(segment);
      expect(index.memoryBytes).toBeLessThan(segment + 512 * 1024);
    });

    test("what cannot be is refused", async () => {
      const index = await create();
      expect(() => index.set(0, new Uint8Array(length - 1))).toThrow(RangeError);
      expect(() => index.set(-1, code(0))).toThrow(RangeError);
      expect(() => index.set(0.5, code(0))).toThrow(RangeError);
      expect(() => index.set(MAX_KEY + 1, code(0))).toThrow(RangeError);
      expect(() => index.nearest(new Uint8Array(length - 1), 1)).toThrow(RangeError);
      expect(() => index.nearest(code(0), 0)).toThrow(RangeError);
      expect(() => index.nearest(code(0), MAX_CANDIDATES + 1)).toThrow(RangeError);
    });
  });
}
