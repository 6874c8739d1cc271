import { describe, expect, it } from "vitest";
import { packLifetimes } from "../../../src/runtime/engine/compiler/memory-plan.ts";
import { Random } from "./random.ts";

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

describe("the arena", () => {
  it("lets buffers share memory that do not live at the same time", () => {
    const [a, b, c] = [100, 100, 50].map((bytes) => ({ bytes }));
    const { offsets, bytes } = packLifetimes(
      new Map([
        [a!, { first: 0, last: 1 }],
        [b!, { first: 1, last: 2 }],
        [c!, { first: 2, last: 3 }],
      ]),
    );
    expect(bytes).toBe(200);
    expect(offsets.get(c!)).toBe(offsets.get(a!));
  });

  it(`never lets buffers overlap that do (seed ${SEED})`, () => {
    const random = new Random(SEED);
    for (let round = 0; round < 200; round++) {
      const lifetimes = new Map(
        Array.from({ length: random.int(1, 30) }, () => {
          const first = random.int(0, 20);
          return [{ bytes: random.int(1, 1000) }, { first, last: first + random.int(0, 6) }] as const;
        }),
      );
      const { offsets, bytes } = packLifetimes(lifetimes);
      const placed = [...lifetimes].map(([buffer, life]) => ({
        ...buffer,
        ...life,
        start: offsets.get(buffer)!,
      }));
      for (const [index, a] of placed.entries()) {
        expect(a.start + a.bytes).toBeLessThanOrEqual(bytes);
        for (const b of placed.slice(index + 1)) {
          const together = a.first <= b.last && b.first <= a.last;
          const apart = a.start + a.bytes <= b.start || b.start + b.bytes <= a.start;
          expect(!together || apart).toBe(true);
        }
      }
    }
  });
});
