import { describe, expect, it } from "vitest";
import { detectFormat, readHeader } from "../../src/media/header.ts";
import { concatenate, withRepeatedScan } from "./craft.ts";
import { pictureFile, pictureFixtures } from "./fixtures.ts";

describe("readHeader", () => {
  it.each([
    [
      "JPEG, baseline",
      { format: "jpeg", colour: "rgb", bitDepth: 8, hasAlpha: false, animated: false, scans: 1 },
    ],
    ["JPEG, progressive", { format: "jpeg", colour: "rgb", scans: 10 }],
    ["JPEG, grey", { format: "jpeg", colour: "grey" }],
    ["JPEG, CMYK", { format: "jpeg", colour: "cmyk" }],
    ["JPEG, YCCK", { format: "jpeg", colour: "ycck" }],
    ["PNG, RGB", { format: "png", colour: "rgb", bitDepth: 8, hasAlpha: false }],
    ["PNG, grey of 1 bits", { format: "png", colour: "grey", bitDepth: 1, hasAlpha: false }],
    ["PNG, RGBA of 16 bits", { format: "png", colour: "rgb", bitDepth: 16, hasAlpha: true }],
    ["PNG, palette with alpha", { format: "png", colour: "rgb", bitDepth: 8, hasAlpha: true }],
    ["APNG", { format: "png", animated: true }],
    ["WebP, lossy", { format: "webp", hasAlpha: false, animated: false }],
    ["WebP, lossy with alpha", { format: "webp", hasAlpha: true }],
    ["WebP, animated", { format: "webp", animated: true }],
    ["AVIF", { format: "avif", colour: "rgb", bitDepth: 8, hasAlpha: false, animated: false }],
    ["AVIF, grey", { format: "avif", colour: "grey" }],
    ["AVIF, alpha", { format: "avif", hasAlpha: true }],
    ["AVIF, sequence", { format: "avif", animated: true }],
    ["GIF", { format: "gif", colour: "rgb", animated: false, hasAlpha: false }],
    ["GIF, transparent", { format: "gif", hasAlpha: true }],
    ["GIF, animated", { format: "gif", animated: true }],
  ])("of %s", (name, expected) => {
    expect(readHeader(pictureFile(name))).toMatchObject(expected);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("tells orientation %i and the size as stored", (orientation) => {
    const expected = { orientation, width: 42, height: 27 };
    expect(readHeader(pictureFile(`JPEG, orientation ${orientation}`))).toMatchObject(expected);
    if (orientation > 1) {
      expect(readHeader(pictureFile(`AVIF, orientation ${orientation}`))).toMatchObject(expected);
    }
  });

  it("counts scans", () => {
    expect(readHeader(withRepeatedScan(pictureFile("JPEG, progressive"), 7)).scans).toBe(17);
  });

  it("is read from a view into a larger buffer", () => {
    for (const { file } of pictureFixtures) {
      const around = concatenate([1, 2, 3], file, [4, 5, 6]);
      expect(readHeader(around.subarray(3, 3 + file.length))).toEqual(readHeader(file));
    }
  });

  it.each([
    ["12 bits a channel", [0xc1, 12, 3]],
    ["lossless", [0xc3, 8, 3]],
    ["arithmetic coding", [0xc9, 8, 3]],
    ["two components", [0xc0, 8, 2]],
    ["four components of an unknown kind", [0xc0, 8, 4]],
  ])("refuses a JPEG with %s", (_, [marker, depth, components]) => {
    const tables = Array<number>(components! * 3).fill(1);
    const frame = [0xff, marker!, 0, 8 + tables.length, depth!, 0, 9, 0, 9, components!, ...tables];
    const file = Uint8Array.from([0xff, 0xd8, ...frame, 0xff, 0xda, 0, 2, 0xff, 0xd9]);
    expect(() => readHeader(file)).toThrowError(expect.objectContaining({ status: 415 }));
  });

  it("ends on files made of empty segments, chunks and boxes", () => {
    const repeat = (start: readonly number[], part: readonly number[]) =>
      Uint8Array.from([...start, ...Array(20_000).fill(part).flat()]);
    const files = [
      repeat([0xff, 0xd8, 0xff], [0xff, 0xe0, 0, 2]),
      repeat([...pictureFile("PNG, RGB").slice(0, 33)], [0, 0, 0, 0, 0x61, 0x62, 0x63, 0x64, 0, 0, 0, 0]),
      repeat([...pictureFile("AVIF").slice(0, 32)], [0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65]),
      repeat([...pictureFile("GIF").slice(0, 13)], [0x21, 0xfe, 0]),
    ];
    for (const file of files) {
      expect(() => readHeader(file)).toThrowError(expect.objectContaining({ status: 422 }));
    }
  });
});

it("detectFormat looks at magic bytes only", () => {
  for (const { file } of pictureFixtures) expect(detectFormat(file)).toBe(readHeader(file).format);
  expect(detectFormat(new TextEncoder().encode("RIFF....AVI LIST"))).toBeUndefined();
  expect(detectFormat(new Uint8Array(0))).toBeUndefined();
});
