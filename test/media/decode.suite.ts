/** What decoding promises, on every platform. */
import { describe, expect, it } from "vitest";
import { decodePicture } from "../../src/media/decode.ts";
import { readHeader } from "../../src/media/header.ts";
import { uprightSize } from "../../src/media/picture.ts";
import { pictureFixtures } from "./fixtures.ts";

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
