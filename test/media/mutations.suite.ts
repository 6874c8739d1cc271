/** Random damage: every mutant ends in a picture or in a problem, and the next picture works. */
import { describe, expect, it } from "vitest";
import { decodePicture } from "../../src/media/decode.ts";
import { readHeader } from "../../src/media/header.ts";
import { uprightSize } from "../../src/media/picture.ts";
import { toTensor } from "../../src/media/tensor.ts";
import { Problem } from "../../src/problem.ts";
import { pictureFixtures } from "./fixtures.ts";
import { MUTATIONS, randomFrom } from "./mutations.ts";

/** Keeps a run short: mutants may claim any size. */
const LIMITS = { maxPixels: 1_500_000 };

/** `FUZZ_SEED=123 npx vitest run test/media/mutations` repeats a run or tries another. */
const SEED = Number(globalThis.process?.env?.FUZZ_SEED ?? 20_251);

/** @param runs mutants of each format */
export function describeMutations(runs: number): void {
  describe(`mutants of seed ${SEED}`, () => {
    it.each(["jpeg", "png", "webp", "avif", "gif"] as const)("%s", async (format) => {
      const random = randomFrom(SEED + format.charCodeAt(0));
      const originals = pictureFixtures.filter(({ file }) => readHeader(file).format === format);
      const names = Object.keys(MUTATIONS);
      for (let run = 0; run < runs; run++) {
        const original = originals[random(originals.length)]!;
        const name = names[run % names.length]!;
        const mutant = MUTATIONS[name]!(original.file.slice(), random);
        const label = `seed ${SEED}, run ${run}: ${original.name}, ${name}`;
        await expect(decodesOrExplains(mutant), label).resolves.toBe(true);
      }
      const [first] = originals;
      await expect(decodePicture(first!.file)).resolves.toMatchObject({ width: first!.width });
    });
  });
}

async function decodesOrExplains(file: Uint8Array): Promise<boolean> {
  try {
    const picture = await decodePicture(file, LIMITS);
    const { width, height } = uprightSize(readHeader(file));
    const complete = picture.data.length === width * height * 4 && picture.width === width;
    const tensor = toTensor(picture, {
      ...{ width: 8, height: 8, fit: "contain", background: [0, 0, 0], layout: "NHWC" },
    });
    return complete && tensor.data.length === 192;
  } catch (error) {
    return error instanceof Problem && error.message.length > 0;
  }
}
