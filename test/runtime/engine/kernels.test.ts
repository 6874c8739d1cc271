import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CASES, differenceIn, type Kernels } from "./kernel-suite.ts";
import { type KernelsInWorkerd, openKernelsInWorkerd } from "./kernels-in-workerd.ts";

/** Random instructions of each operator, for each build and platform. */
const COUNT = 150;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const BUILDS = ["relaxed", "simd"] as const;

const moduleBytes = (build: string) =>
  readFile(new URL(`../../../dist/engine/${build}.wasm`, import.meta.url));

for (const build of BUILDS) {
  const bytes = await moduleBytes(build);
  // Node 20 has no relaxed SIMD; workerd, below, has.
  describe.skipIf(!WebAssembly.validate(bytes))(`the ${build} kernels in Node, from seed ${SEED}`, () => {
    it.each(Object.keys(CASES))("leave the reference's bits in memory: %s", async (operator) => {
      const { instance } = await WebAssembly.instantiate(bytes);
      expect(differenceIn(instance.exports as unknown as Kernels, operator, SEED, COUNT)).toBeUndefined();
    });
  });
}

describe(`the kernels in workerd, from seed ${SEED}`, () => {
  let workerd: KernelsInWorkerd;
  beforeAll(async () => {
    workerd = await openKernelsInWorkerd();
  });
  afterAll(() => workerd.close());

  for (const build of BUILDS) {
    it.each(Object.keys(CASES))(`leave the reference's bits in memory (${build}): %s`, async (operator) => {
      expect(await workerd.differenceIn(build, operator, SEED, COUNT)).toBeUndefined();
    });
  }
});
