/** Random damage: every mutant ends in a picture or in a problem, and the next picture works. */
import { describe, expect, it } from "vitest";
import { decodePicture } from "../../src/media/decode.ts";
import { readHeader } from "../../src/media/header.ts";
import { uprightSize } from "../../src/media/picture.ts";
import { toTensor } from "../../src/media/tensor.ts";
import { Problem } from "../../src/problem.ts";
import { concatenate } from "./craft.ts";
import { pictureFixtures } from "./fixtures.ts";

/** Keeps a run short: mutants may claim any size. */
const LIMITS = { maxPixels: 1_500_000 };

/** `FUZZ_SEED=123 npx vitest run test/media/mutations` repeats a run or tries another. */
const SEED = Number(globalThis.process?.env?.FUZZ_SEED ?? 20_251);

type Random = (below: number) => number;

/** Mulberry32. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Mutation = (file: Uint8Array, random: Random) => Uint8Array;

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  bits(file, random) {
    for (let count = 1 + random(6); count > 0; count--) file[random(file.length)]! ^= 1 << random(8);
    return file;
  },
  "bits of the header"(file, random) {
    const length = Math.min(file.length, 120);
    for (let count = 1 + random(4); count > 0; count--) file[random(length)]! ^= 1 << random(8);
    return file;
  },
  "extreme bytes"(file, random) {
    const extremes = [0x00, 0x7f, 0x80, 0xff];
    for (let count = 1 + random(8); count > 0; count--) file[random(file.length)] = extremes[random(4)]!;
    return file;
  },
  "a run of bytes"(file, random) {
    const start = random(file.length);
    return file.fill(random(256), start, start + 1 + random(40));
  },
  "a part left out"(file, random) {
    const start = random(file.length);
    return concatenate(file.subarray(0, start), file.subarray(start + 1 + random(60)));
  },
  "a part doubled"(file, random) {
    const start = random(file.length);
    const end = start + 1 + random(60);
    return concatenate(file.subarray(0, end), file.subarray(start));
  },
  "the rest of another file"(file, random) {
    const other = pictureFixtures[random(pictureFixtures.length)]!.file;
    return concatenate(file.subarray(0, random(file.length)), other.subarray(random(other.length)));
  },
};

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
