/** Why 7-bit activations give every processor the same sums, and why adding 1.5·2²³ rounds. */
import { describe, expect, it } from "vitest";
import { nearestEven } from "../../../src/runtime/engine/reference/rounding.ts";
import { Random } from "./random.ts";

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** One lane of the relaxed inner product: four signed weights times four bytes, as each kind of processor computes it. */
type Lane = (weights: readonly number[], bytes: readonly number[]) => number;

const saturated = (x: number) => Math.min(Math.max(x, -32768), 32767);
const signed = (byte: number) => (byte << 24) >> 24;

const PROCESSORS: Readonly<Record<string, Lane>> = {
  "x86, pmaddubsw and pmaddwd": (w, b) =>
    saturated(w[0]! * b[0]! + w[1]! * b[1]!) + saturated(w[2]! * b[2]! + w[3]! * b[3]!),
  "x86 with AVX-VNNI, vpdpbusd": (w, b) => w.reduce((sum, weight, i) => sum + weight * b[i]!, 0),
  "x86 with AVX-VNNI-INT8, vpdpbssd": (w, b) => w.reduce((sum, weight, i) => sum + weight * signed(b[i]!), 0),
  "Arm with dot products, sdot": (w, b) => w.reduce((sum, weight, i) => sum + weight * signed(b[i]!), 0),
  "Arm without, smull and saddlp": (w, b) => {
    const products = w.map((weight, i) => weight * signed(b[i]!));
    return signed16(products[0]! + products[1]!) + signed16(products[2]! + products[3]!);
  },
};

const signed16 = (x: number) => (x << 16) >> 16;

describe("the relaxed inner product of signed bytes and 7-bit activations", () => {
  it("cannot overflow its 16-bit sums of two products", () => {
    const extremes = [-128, -127, 0, 127].flatMap((w) => [0, 127].map((a) => w * a));
    const sums = extremes.flatMap((p) => extremes.map((q) => p + q));
    expect(Math.max(...sums)).toBeLessThanOrEqual(32767);
    expect(Math.min(...sums)).toBeGreaterThanOrEqual(-32768);
  });

  it(`is the same number on every kind of processor (seed ${SEED})`, () => {
    const random = new Random(SEED);
    for (let round = 0; round < 50_000; round++) {
      const weights = Array.from({ length: 4 }, () => random.pick([-128, 127, random.int(-128, 127)]));
      const bytes = Array.from({ length: 4 }, () => random.pick([0, 127, random.int(0, 127)]));
      const exact = weights.reduce((sum, weight, i) => sum + weight * bytes[i]!, 0);
      for (const [name, lane] of Object.entries(PROCESSORS))
        expect(lane(weights, bytes) === exact, name).toBe(true);
    }
  });

  it("is not, once activations use the eighth bit", () => {
    const results = Object.values(PROCESSORS).map((lane) => lane([127, 127, 127, 127], [255, 255, 255, 255]));
    expect(new Set(results).size).toBeGreaterThan(1);
  });
});

describe("adding 1.5·2²³ to a float", () => {
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  const rounded = (x: number) => {
    float[0] = Math.fround(x) + 12582912;
    return (bits[0]! - 0x4b400000) | 0;
  };

  it(`rounds to the nearest integer, ties to even, below 2²² (seed ${SEED})`, () => {
    const random = new Random(SEED);
    const special = [0, 0.5, 1.5, -0.5, -1.5, 2.5, 4194303, -4194303, 4194303.5 - 1, 1e-30];
    const others = Array.from({ length: 100_000 }, () => (random.unit() - 0.5) * 2 ** random.int(1, 23));
    for (const x of [...special, ...others].map(Math.fround))
      expect(rounded(x), String(x)).toBe(nearestEven(x) | 0);
  });
});
