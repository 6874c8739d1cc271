/** Seeded damage to picture files. */
import { concatenate } from "./craft.ts";
import { pictureFixtures } from "./fixtures.ts";

export type Random = (below: number) => number;

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export type Mutation = (file: Uint8Array, random: Random) => Uint8Array;

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
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
