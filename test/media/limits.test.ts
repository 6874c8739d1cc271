import { describe, expect, it } from "vitest";
import { decodePicture } from "../../src/media/decode.ts";
import { readHeader } from "../../src/media/header.ts";
import {
  checkHeader,
  estimateMillis,
  MAX_ASPECT_RATIO,
  MAX_DECODE_MILLIS,
  MAX_JPEG_SCANS,
  MAX_PICTURE_BYTES,
  MAX_PICTURE_PIXELS,
  MAX_PICTURE_SIDE,
} from "../../src/media/limits.ts";
import type { PictureHeader } from "../../src/media/picture.ts";
import { png, withJpegSize, withRepeatedScan } from "./craft.ts";
import { pictureFile } from "./fixtures.ts";

const tooLarge = { name: "PictureTooLargeError", status: 413, code: "picture-too-large" };

function header(changes: Partial<PictureHeader>): PictureHeader {
  return { ...readHeader(pictureFile("JPEG, baseline")), ...changes };
}

describe("limits before decoding", () => {
  it("lets a phone's 4032×3024 JPEG pass, upright and turned", () => {
    for (const orientation of [1, 6] as const) {
      expect(() => checkHeader(header({ width: 4032, height: 3024, orientation }))).not.toThrow();
    }
  });

  it("bytes: refuses a longer file without looking into it, unless the caller allows it", async () => {
    const file = new Uint8Array(MAX_PICTURE_BYTES + 1);
    await expect(decodePicture(file)).rejects.toMatchObject(tooLarge);
    await expect(decodePicture(file, { maxBytes: file.length })).rejects.toMatchObject({ status: 415 });
    await expect(decodePicture(pictureFile("GIF"), { maxBytes: 10 })).rejects.toMatchObject(tooLarge);
  });

  it("pixels: refuses what the header announces, however small the file", async () => {
    const file = await png({ width: 16_000, height: 16_000, data: new Uint8Array(10) });
    expect(16_000 * 16_000).toBeGreaterThan(MAX_PICTURE_PIXELS);
    await expect(decodePicture(file)).rejects.toMatchObject(tooLarge);
    await expect(decodePicture(pictureFile("PNG, RGB"), { maxPixels: 100 })).rejects.toMatchObject(tooLarge);
  });

  it("side: refuses a longer one", async () => {
    const file = await png({ width: MAX_PICTURE_SIDE + 1, height: 200 });
    await expect(decodePicture(file)).rejects.toMatchObject(tooLarge);
    const picture = await decodePicture(file, { maxSide: 20_000 });
    expect(picture).toMatchObject({ width: MAX_PICTURE_SIDE + 1, height: 200 });
  });

  it("aspect ratio: refuses 1×10000, and decodes it where the caller allows it", async () => {
    const file = await png({ width: 1, height: 10_000 });
    expect(10_000).toBeGreaterThan(MAX_ASPECT_RATIO);
    await expect(decodePicture(file)).rejects.toMatchObject(tooLarge);
    const picture = await decodePicture(file, { maxAspectRatio: 10_000 });
    expect(picture).toMatchObject({ width: 1, height: 10_000 });
    expect(new Set(picture.data)).toEqual(new Set([255]));
  });

  it("scans: refuses a progressive JPEG that repeats itself", async () => {
    const file = withRepeatedScan(pictureFile("JPEG, progressive"), MAX_JPEG_SCANS);
    await expect(decodePicture(file)).rejects.toMatchObject(tooLarge);
    await expect(decodePicture(file, { maxScans: 1000 })).resolves.toMatchObject({ width: 42, height: 27 });
  });

  it("memory: refuses pixels that do not fit, with the copy that turning makes", async () => {
    const upright = pictureFile("JPEG, orientation 1");
    const turned = pictureFile("JPEG, orientation 6");
    const maxMemory = 42 * 27 * 4 * 2 - 1;
    await expect(decodePicture(turned, { maxMemory })).rejects.toMatchObject(tooLarge);
    await expect(decodePicture(upright, { maxMemory })).resolves.toMatchObject({ width: 42 });
  });

  it("memory: stops a decoder that wants more than the header suggests, and goes on with the next picture", async () => {
    const file = withJpegSize(pictureFile("JPEG, progressive"), 3000, 2000);
    const maxMemory = 3000 * 2000 * 4 + 1_000_000;
    await expect(decodePicture(file, { maxMemory })).rejects.toMatchObject(tooLarge);
    await expect(decodePicture(pictureFile("JPEG, baseline"))).resolves.toMatchObject({ width: 42 });
  });

  it("memory: refuses a large CMYK JPEG, for which pure JavaScript needs several times its pixels", async () => {
    const file = withJpegSize(pictureFile("JPEG, CMYK"), 2500, 2000);
    await expect(decodePicture(file)).rejects.toMatchObject(tooLarge);
  });

  it("time: refuses what would take longer by estimate, the slower the format the earlier", async () => {
    const avif = header({ format: "avif", width: 3500, height: 3500 });
    expect(estimateMillis(avif)).toBeGreaterThan(MAX_DECODE_MILLIS);
    expect(() => checkHeader(avif)).toThrowError(/would take about/);
    expect(() => checkHeader({ ...avif, format: "jpeg" })).not.toThrow();
    expect(() => checkHeader(avif, { maxMillis: 10_000 })).not.toThrow();
    await expect(decodePicture(pictureFile("PNG, RGB"), { maxMillis: 0.001 })).rejects.toMatchObject(
      tooLarge,
    );
  });

  it("deadline: stops when the caller's signal is aborted", async () => {
    const timeout = { name: "PictureTimeoutError", status: 503 };
    const file = pictureFile("WebP, lossy");
    await expect(decodePicture(file, { signal: AbortSignal.abort() })).rejects.toMatchObject(timeout);
    const controller = new AbortController();
    const decoding = decodePicture(file, { signal: controller.signal });
    controller.abort();
    await expect(decoding).rejects.toMatchObject(timeout);
  });
});
