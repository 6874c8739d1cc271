/** What decoding promises, on every platform. */
import { describe, expect, it } from "vitest";
import { decodePicture } from "../../src/media/decode.ts";
import { readHeader } from "../../src/media/header.ts";
import { uprightSize } from "../../src/media/picture.ts";
import { largePictureFixtures, pictureFixtures } from "./fixtures.ts";

/** Largest difference of a channel, fully transparent pixels left out. */
function largestDifference(actual: Uint8ClampedArray, expected: Uint8Array): number {
  let largest = 0;
  for (let at = 0; at < expected.length; at += 4) {
    if (actual[at + 3] === 0 && expected[at + 3] === 0) continue;
    for (let channel = 0; channel < 4; channel++) {
      largest = Math.max(largest, Math.abs(actual[at + channel]! - expected[at + channel]!));
    }
  }
  return largest;
}

export function describeDecoding(): void {
  describe("decodePicture agrees with Pillow", () => {
    it.each(pictureFixtures)("$name, within $tolerance levels", async (fixture) => {
      const picture = await decodePicture(fixture.file);
      expect([picture.width, picture.height]).toEqual([fixture.width, fixture.height]);
      expect(picture.data.length).toBe(fixture.rgba.length);
      expect(largestDifference(picture.data, fixture.rgba)).toBeLessThanOrEqual(fixture.tolerance);
    });

    it.each(pictureFixtures)("the header of $name tells its upright size", ({ file, width, height }) => {
      expect(uprightSize(readHeader(file))).toEqual({ width, height });
    });
  });

  describe("large pictures", () => {
    it.each(largePictureFixtures)(
      "$name has its four quadrants in place, twice in a row",
      async (fixture) => {
        const [width, height] = (fixture.turned ? [1280, 2048] : [2048, 1280]) as [number, number];
        for (let time = 0; time < 2; time++) {
          const picture = await decodePicture(fixture.file);
          expect([picture.width, picture.height, picture.data.length]).toEqual([
            width,
            height,
            width * height * 4,
          ]);
          for (const [index, colour] of fixture.quadrants.entries()) {
            const [right, lower] = [index % 2, Math.floor(index / 2)];
            const centre = [width * (0.25 + right * 0.5), height * (0.25 + lower * 0.5)] as const;
            // The outermost pixels too: they are what a decoder that cleans up behind itself would overwrite.
            const corner = [right * (width - 1), lower * (height - 1)] as const;
            for (const [x, y] of [centre, corner]) {
              const at = (y * width + x) * 4;
              for (let channel = 0; channel < 3; channel++) {
                expect(Math.abs(picture.data[at + channel]! - colour[channel]!)).toBeLessThanOrEqual(6);
              }
              expect(picture.data[at + 3]).toBe(255);
            }
          }
        }
      },
    );

    it("stay as they are while others are decoded", async () => {
      const pictures = [];
      for (const { file } of largePictureFixtures) pictures.push(await decodePicture(file));
      const before = pictures.map(({ data }) => data.slice(0, 4000));
      for (const { file } of pictureFixtures) await decodePicture(file);
      expect(pictures.map(({ data }) => data.slice(0, 4000))).toEqual(before);
    });
  });

  it("says that a picture is opaque only when it is", async () => {
    for (const fixture of pictureFixtures) {
      const { opaque } = await decodePicture(fixture.file);
      const hasTransparency = fixture.rgba.some((value, at) => at % 4 === 3 && value !== 255);
      if (hasTransparency) expect(opaque, fixture.name).toBe(false);
    }
  });

  it("decodes the same picture twice alike, after others in between", async () => {
    for (const { file } of pictureFixtures) {
      const first = await decodePicture(file);
      const second = await decodePicture(file);
      expect(second.data).toEqual(first.data);
    }
  });

  it("decodes many pictures at once", async () => {
    const pictures = await Promise.all(pictureFixtures.map(({ file }) => decodePicture(file)));
    for (const [index, { rgba, tolerance }] of pictureFixtures.entries()) {
      expect(largestDifference(pictures[index]!.data, rgba)).toBeLessThanOrEqual(tolerance);
    }
  });
}
