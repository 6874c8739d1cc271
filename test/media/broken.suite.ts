/** Hostile files: a clear error or the right answer, and the next picture works. */
import { afterEach, describe, expect, it } from "vitest";
import { decodePicture } from "../../src/media/decode.ts";
import { Problem } from "../../src/problem.ts";
import { concatenate, find, png, withJpegSize } from "./craft.ts";
import { pictureFile, pictureFixtures } from "./fixtures.ts";

const invalid = { name: "InvalidPictureError", status: 422, code: "invalid-picture" };
const unsupported = { name: "UnsupportedPictureError", status: 415, code: "unsupported-picture" };

const text = (content: string) => new TextEncoder().encode(content);

/** One file of every decoder. */
const kinds = [
  "JPEG, baseline",
  "JPEG, progressive",
  "JPEG, CMYK",
  "PNG, RGBA",
  "PNG, interlaced",
  "WebP, lossy",
].concat(["WebP, lossless", "WebP, animated, first frame aside", "AVIF", "AVIF, sequence", "GIF, animated"]);

/** The picture, or the problem that stood in its way. Anything else fails the test. */
async function outcome(file: Uint8Array): Promise<Uint8ClampedArray | Problem> {
  try {
    return (await decodePicture(file)).data;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

export function describeBrokenPictures(): void {
  afterEach(async () => {
    for (const name of ["JPEG, baseline", "WebP, lossless", "AVIF", "PNG, RGB"]) {
      await expect(decodePicture(pictureFile(name)), `${name} afterwards`).resolves.toHaveProperty("data");
    }
  });

  describe("what is no picture", () => {
    it.each([
      ["nothing", new Uint8Array(0), invalid],
      ["text", text("hello"), unsupported],
      ["HTML", text("<!doctype html><title>no</title>"), unsupported],
      ["SVG", text('<svg xmlns="http://www.w3.org/2000/svg"/>'), unsupported],
      ["PDF", text("%PDF-1.7"), unsupported],
      ["HEIC", concatenate([0, 0, 0, 24], text("ftypheic"), [0, 0, 0, 0], text("mif1heic")), unsupported],
      ["an MP4", concatenate([0, 0, 0, 24], text("ftypisom"), [0, 0, 0, 0], text("isommp42")), unsupported],
      ["the first bytes of a JPEG", Uint8Array.of(0xff, 0xd8, 0xff), invalid],
      ["the signature of a PNG", pictureFile("PNG, RGB").slice(0, 8), invalid],
      ["the signature of a GIF", text("GIF89a"), invalid],
      ["the signature of a WebP", concatenate(text("RIFF"), [4, 0, 0, 0], text("WEBP")), invalid],
      ["the brand of an AVIF", concatenate([0, 0, 0, 16], text("ftypavif"), [0, 0, 0, 0]), invalid],
    ])("%s is refused", async (_, file, error) => {
      await expect(decodePicture(file)).rejects.toMatchObject(error);
    });
  });

  describe("files that are cut off", () => {
    it.each(kinds)("%s: refused, or complete where nothing of it is missing", async (name) => {
      const file = pictureFile(name);
      const whole = await outcome(file);
      for (let part = 0; part < 40; part++) {
        const result = await outcome(file.slice(0, Math.floor((file.length * part) / 40)));
        if (result instanceof Problem) expect([413, 415, 422]).toContain(result.status);
        else expect(result).toEqual(whole);
      }
    });

    it("a JPEG that lost its second half says so", async () => {
      const file = pictureFile("JPEG, baseline");
      await expect(decodePicture(file.slice(0, file.length / 2))).rejects.toThrowError(/cut off/);
      const closed = concatenate(file.slice(0, file.length - 60), [0xff, 0xd9]);
      await expect(decodePicture(closed)).rejects.toThrowError(/cut off or damaged/);
    });
  });

  describe("headers that lie", () => {
    it("a JPEG that claims more rows than it has", async () => {
      const file = withJpegSize(pictureFile("JPEG, baseline"), 42, 270);
      await expect(decodePicture(file)).rejects.toMatchObject(invalid);
    });

    it.each(["JPEG, baseline", "JPEG, progressive", "JPEG, CMYK"])(
      "%s that claims no pixels",
      async (name) => {
        await expect(decodePicture(withJpegSize(pictureFile(name), 0, 27))).rejects.toMatchObject(invalid);
        await expect(decodePicture(withJpegSize(pictureFile(name), 42, 0))).rejects.toMatchObject(invalid);
      },
    );

    it("a PNG with fewer pixels than it claims", async () => {
      const file = await png({ width: 1000, height: 1000, data: new Uint8Array(1260) });
      await expect(decodePicture(file)).rejects.toThrowError(/before its last row/);
    });

    it("a PNG with no pixels, or an impossible colour type", async () => {
      await expect(decodePicture(await png({ width: 0, height: 5 }))).rejects.toMatchObject(invalid);
      const file = await png({ width: 5, height: 5, colourType: 5 });
      await expect(decodePicture(file)).rejects.toMatchObject(invalid);
    });

    it("a PNG whose header was changed after its checksum was made", async () => {
      const file = pictureFile("PNG, RGB");
      file[19]! += 1;
      await expect(decodePicture(file)).rejects.toThrowError(/checksum/);
    });

    it("a WebP whose canvas is larger than its picture", async () => {
      const file = pictureFile("WebP, lossy with alpha");
      file[find(file, "VP8X") + 12]! += 1;
      await expect(decodePicture(file)).rejects.toMatchObject(invalid);
    });

    it("an animated WebP whose frame reaches beyond its canvas", async () => {
      const file = pictureFile("WebP, animated, first frame aside");
      file[find(file, "ANMF") + 8] = 200;
      await expect(decodePicture(file)).rejects.toMatchObject(invalid);
    });

    it("an AVIF that claims another size than its picture has", async () => {
      const file = pictureFile("AVIF");
      file[find(file, "ispe") + 11]! += 2;
      expect(await outcome(file)).toBeInstanceOf(Problem);
    });

    it("an AVIF without a size", async () => {
      const file = pictureFile("AVIF");
      file.fill(0, find(file, "ispe") + 8, find(file, "ispe") + 16);
      await expect(decodePicture(file)).rejects.toMatchObject(invalid);
    });

    it("a GIF whose frame is larger than its canvas", async () => {
      const file = pictureFile("GIF");
      file[6] = 10;
      await expect(decodePicture(file)).rejects.toMatchObject(invalid);
    });
  });

  describe("decompression bombs", () => {
    it("a small PNG that inflates to 64 MB is stopped at the size of its header", async () => {
      const file = await png({ width: 64, height: 64, data: new Uint8Array(64 * 1024 * 1024) });
      expect(file.length).toBeLessThan(100_000);
      await expect(decodePicture(file)).rejects.toThrowError(/more picture data than its header/);
    });

    it("a PNG with a compressed profile and comments is decoded without inflating those", async () => {
      const file = pictureFile("PNG, RGB");
      const junk = concatenate([0, 0, 0, 4], text("zTXt"), [1, 2, 3, 4], [0, 0, 0, 0]);
      const changed = concatenate(file.slice(0, 33), junk, file.slice(33));
      expect(await outcome(changed)).toEqual(await outcome(file));
    });
  });

  describe("files that are two things at once", () => {
    const zip = concatenate(text("PK\u0003\u0004"), new Uint8Array(300).fill(7), text("PK\u0005\u0006"));
    const html = text("<script>alert(1)</script>".repeat(20));

    it.each(pictureFixtures)(
      "$name with a ZIP archive or a script behind it decodes as without",
      async ({ file }) => {
        const whole = await outcome(file);
        for (const tail of [zip, html, pictureFile("JPEG, baseline"), new Uint8Array(5000)]) {
          expect(await outcome(concatenate(file, tail))).toEqual(whole);
        }
      },
    );

    it("a JPEG with another picture and a script in its comment decodes as without", async () => {
      const file = pictureFile("JPEG, baseline");
      const comment = concatenate(html, pictureFile("PNG, RGB"));
      const length = comment.length + 2;
      const segment = concatenate([0xff, 0xfe, length >> 8, length & 255], comment);
      const changed = concatenate(file.slice(0, 2), segment, file.slice(2));
      expect(await outcome(changed)).toEqual(await outcome(file));
    });
  });

  it("damaged EXIF data count as upright", async () => {
    const file = pictureFile("JPEG, orientation 6");
    const at = find(file, "Exif") + 6;
    const upright = (await decodePicture(pictureFile("JPEG, orientation 1"))).data;
    for (const damage of [
      [0x58, 0x58],
      [0x4d, 0x4d, 0, 42, 0xff, 0xff, 0xff, 0xff],
    ]) {
      const changed = file.slice();
      changed.set(damage, at);
      expect(await outcome(changed)).toEqual(upright);
    }
  });
}
