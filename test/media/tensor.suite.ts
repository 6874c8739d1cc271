/** What preprocessing promises, on every platform. */
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/media/sha256.ts";
import { toTensor, toTensors } from "../../src/media/tensor.ts";
import type { Preprocess } from "../../src/runtime/manifest.ts";
import resizes from "../fixtures/resizes.json";
import { BACKGROUND, CROP, pattern } from "./pattern.ts";

const bytes224: Preprocess = {
  width: 224,
  height: 224,
  fit: "stretch",
  background: BACKGROUND,
  layout: "NHWC",
};

export function describeTensors(): void {
  describe("toTensor equals Pillow bit by bit", () => {
    const sizes = [...new Set(resizes.map(({ width, height }) => `${width}×${height}`))];
    it.each(sizes)("from %s pixels, in every fit, with and without alpha and crop", async (size) => {
      const [sourceWidth, sourceHeight] = size.split("×").map(Number) as [number, number];
      for (const alpha of [false, true]) {
        const picture = pattern(sourceWidth, sourceHeight, alpha);
        for (const { first, sha256, ...given } of resizes) {
          if (given.width !== sourceWidth || given.height !== sourceHeight || given.alpha !== alpha) continue;
          const [width, height] = given.size as [number, number];
          const preprocess = { ...bytes224, width, height, fit: given.fit as Preprocess["fit"] };
          const { data, shape } = toTensor(picture, preprocess, given.crop ? CROP : undefined);
          const label = JSON.stringify(given);
          expect(shape, label).toEqual([1, height, width, 3]);
          expect([...data.slice(0, 6)], label).toEqual(first);
          expect(await sha256Hex(data as Uint8Array), label).toBe(sha256);
        }
      }
    });
  });

  it("normalises to floats, packed or in planes", () => {
    const picture = pattern(50, 40, true);
    const mean: [number, number, number] = [0.5, 0.4, 0.3];
    const std: [number, number, number] = [0.2, 0.25, 0.3];
    const preprocess = { ...bytes224, width: 8, height: 6 };
    const pixels = toTensor(picture, preprocess).data as Uint8Array;
    const packed = toTensor(picture, { ...preprocess, normalize: { mean, std } });
    const planes = toTensor(picture, { ...preprocess, layout: "NCHW", normalize: { mean, std } });
    expect(packed).toMatchObject({ datatype: "FP32", shape: [1, 6, 8, 3] });
    expect(planes).toMatchObject({ datatype: "FP32", shape: [1, 3, 6, 8] });
    for (let pixel = 0; pixel < 48; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        const wanted = (pixels[pixel * 3 + channel]! / 255 - mean[channel]!) / std[channel]!;
        expect(packed.data[pixel * 3 + channel]).toBeCloseTo(wanted, 5);
        expect(planes.data[channel * 48 + pixel]).toBeCloseTo(wanted, 5);
      }
    }
  });

  it("arranges bytes in planes", () => {
    const picture = pattern(50, 40, false);
    const packed = toTensor(picture, { ...bytes224, width: 5, height: 4 }).data;
    const planes = toTensor(picture, { ...bytes224, width: 5, height: 4, layout: "NCHW" });
    expect(planes).toMatchObject({ datatype: "UINT8", shape: [1, 3, 4, 5] });
    for (let at = 0; at < 60; at++) expect(planes.data[(at % 3) * 20 + Math.floor(at / 3)]).toBe(packed[at]);
  });

  it("makes a batch of several crops, each like the crop alone", () => {
    const picture = pattern(300, 200, true);
    const corner = { x0: 0, y0: 0, x1: 0.5, y1: 0.5 };
    for (const layout of ["NHWC", "NCHW"] as const) {
      const preprocess: Preprocess = {
        ...bytes224,
        ...{ width: 32, height: 32, layout },
        normalize: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
      };
      const batch = toTensors(picture, preprocess, [corner, undefined, CROP]);
      expect(batch.shape[0]).toBe(3);
      for (const [index, crop] of [corner, undefined, CROP].entries()) {
        const alone = toTensor(picture, preprocess, crop).data;
        expect(batch.data.slice(index * 3072, (index + 1) * 3072)).toEqual(alone);
      }
    }
  });

  it("makes an empty batch of no crops", () => {
    expect(toTensors(pattern(4, 4, false), bytes224, []).shape).toEqual([0, 224, 224, 3]);
  });

  it("keeps at least one pixel of a tiny crop", () => {
    const { data } = toTensor(pattern(3, 3, false), bytes224, { x0: 0.999, y0: 0.999, x1: 1, y1: 1 });
    expect(new Set([...(data as Uint8Array)].filter((_, at) => at % 3 === 0)).size).toBe(1);
  });

  it.each([
    ["reaches beyond the picture", { x0: 0, y0: 0, x1: 1.01, y1: 1 }],
    ["is empty", { x0: 0.5, y0: 0, x1: 0.5, y1: 1 }],
    ["is turned over", { x0: 0.6, y0: 0, x1: 0.5, y1: 1 }],
    ["is not a number", { x0: Number.NaN, y0: 0, x1: 1, y1: 1 }],
  ])("refuses a crop that %s", (_, crop) => {
    expect(() => toTensor(pattern(10, 10, false), bytes224, crop)).toThrowError(/not inside the picture/);
  });
}
