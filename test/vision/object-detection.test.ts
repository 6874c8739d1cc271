import { describe, expect, it } from "vitest";
import {
  decodeLevel,
  MAX_CANDIDATES,
  MAX_OBJECTS,
  ObjectDetector,
  suppress,
} from "../../src/vision/object-detection.ts";
import { UnexpectedOutputError } from "../../src/vision/unified-embedding.ts";
import { GRID_DETECTOR } from "../http/scenes/fake-detector.ts";

const logit = (probability: number) => Math.log(probability / (1 - probability));
const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

/** Maps of a 2 × 2 grid at stride 8 with two categories, empty but for one cell. */
function oneCell(cell: number, box: number[], objectness: number, classes: number[]) {
  const maps = {
    stride: 8,
    columns: 2,
    boxes: new Float32Array(16),
    objectness: new Float32Array(4).fill(-20),
    classes: new Float32Array(8).fill(-20),
  };
  maps.boxes.set(box, cell * 4);
  maps.objectness[cell] = objectness;
  maps.classes.set(classes, cell * 2);
  return maps;
}

describe("decoding", () => {
  it("places a box as YOLOX does: centre by cell and offset, size by exponent, in strides", () => {
    const maps = oneCell(3, [0.25, -0.5, Math.log(2), Math.log(0.5)], 3, [-1, 2]);
    const [box, ...others] = decodeLevel(maps, 0.1);
    expect(others).toEqual([]);
    expect(box).toMatchObject({ category: 1 });
    expect(box!.score).toBeCloseTo(sigmoid(3) * sigmoid(2), 6);
    expect([box!.x0, box!.y0, box!.x1, box!.y1].map((value) => Number(value.toFixed(4)))).toEqual([
      2, 2, 18, 6,
    ]);
  });

  it("keeps what reaches the score, and nothing below it", () => {
    const maps = oneCell(0, [0.5, 0.5, 0, 0], logit(0.6), [logit(0.5), -20]);
    expect(decodeLevel(maps, 0.299)).toHaveLength(1);
    expect(decodeLevel(maps, 0.301)).toHaveLength(0);
    expect(decodeLevel(maps, 0)).toHaveLength(4);
  });

  it.each([
    ["a size that is not a number", [0, 0, Number.NaN, 0], 3, [3, 0]],
    ["an endless size", [0, 0, Number.POSITIVE_INFINITY, 0], 3, [3, 0]],
    ["a size larger than anything", [0, 0, 80, 0], 3, [3, 0]],
    ["a place that is not a number", [Number.NaN, 0, 0, 0], 3, [3, 0]],
    ["a place that is nowhere", [Number.NEGATIVE_INFINITY, 0, 0, 0], 3, [3, 0]],
    ["an objectness that is not a number", [0, 0, 0, 0], Number.NaN, [3, 0]],
    ["categories that are no numbers", [0, 0, 0, 0], 3, [Number.NaN, Number.NaN]],
  ])("leaves out %s", (_name, box, objectness, classes) => {
    expect(decodeLevel(oneCell(1, box, objectness, classes), 0.1)).toEqual([]);
  });
});

describe("non-maximum suppression", () => {
  const box = (x0: number, score: number, category = 0) => ({
    x0,
    y0: 0,
    x1: x0 + 10,
    y1: 10,
    category,
    score,
  });

  it("keeps the best of boxes that overlap too much, in each category by itself", () => {
    const kept = suppress([box(1, 0.8), box(0, 0.9), box(0, 0.7, 1), box(9, 0.5)], 0.5);
    expect(kept.map(({ score }) => score)).toEqual([0.9, 0.7, 0.5]);
  });

  it("goes by intersection over union", () => {
    // 8 of 12 columns are shared: 2/3.
    expect(suppress([box(0, 0.9), box(2, 0.8)], 0.67)).toHaveLength(2);
    expect(suppress([box(0, 0.9), box(2, 0.8)], 0.66)).toHaveLength(1);
  });

  it("a box that was dropped drops none", () => {
    const chain = [box(0, 0.9), box(4, 0.8), box(8, 0.7)];
    expect(suppress(chain, 0.4).map(({ score }) => score)).toEqual([0.9, 0.7]);
  });

  it("looks at a bounded number of boxes, the best ones", () => {
    const many = Array.from({ length: MAX_CANDIDATES + 50 }, (_, index) =>
      box(index * 20, 1 - index / 1_000),
    );
    const kept = suppress(many, 0.5);
    expect(kept).toHaveLength(MAX_CANDIDATES);
    expect(kept.at(-1)!.score).toBeCloseTo(1 - (MAX_CANDIDATES - 1) / 1_000);
  });
});

describe("a detector", () => {
  const picture = { width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(255) };
  const maps = (depth: number, value: number) => ({
    datatype: "FP32" as const,
    shape: [1, 4, 4, depth],
    data: new Float32Array(16 * depth).fill(value),
  });
  const answering = (answer: Record<string, ReturnType<typeof maps>>) =>
    new ObjectDetector(GRID_DETECTOR, { infer: async () => answer });

  it("leaves out what lies outside the picture and what is too thin to see, and clips the rest", async () => {
    const boxes = maps(4, 0);
    boxes.data.set([-9, 0, 0, 0], 0); // left of the picture
    boxes.data.set([0.5, 0.5, -7, 0], 4); // a hair
    boxes.data.set([0, 0.5, 0, 0], 8 * 4); // half outside
    const objectness = maps(1, -20);
    for (const cell of [0, 1, 8]) objectness.data[cell] = 9;
    const detector = answering({ boxes, objectness, classes: maps(2, 5) });
    const objects = await detector.detect(detector.inputOf(picture));
    expect(objects.map(({ box }) => box)).toEqual([{ x0: 0, y0: 0.5, x1: 0.125, y1: 0.75 }]);
  });

  it("gives a channel the category that its level names, and thins out each category once", async () => {
    const [level] = GRID_DETECTOR.detection.levels;
    const detection = {
      ...GRID_DETECTOR.detection,
      levels: [{ ...level!, channels: ["lamp", "chair", "lamp"] }],
    };
    const classes = maps(3, -9);
    classes.data[0] = 5; // the first cell's first kind of lamp
    classes.data[3 + 2] = 4; // a box on it of another kind
    classes.data[5 * 3 + 1] = 3;
    const boxes = maps(4, 0);
    boxes.data.set([-1, 0, 0, 0], 4);
    const objectness = maps(1, -20);
    for (const cell of [0, 1, 5]) objectness.data[cell] = 9;
    const infer = async () => ({ boxes, objectness, classes });
    const detector = new ObjectDetector({ ...GRID_DETECTOR, detection }, { infer });
    const objects = await detector.detect(detector.inputOf(picture));
    expect(objects.map(({ category }) => category)).toEqual(["lamp", "chair"]);
  });

  it("answers no more objects than there may be", async () => {
    const detector = answering({ boxes: maps(4, 0), objectness: maps(1, 9), classes: maps(2, 9) });
    expect(await detector.detect(detector.inputOf(picture), { maxObjects: 3 })).toHaveLength(3);
    expect((await detector.detect(detector.inputOf(picture))).length).toBeLessThanOrEqual(MAX_OBJECTS);
  });

  it.each([
    ["lacks a map", { boxes: maps(4, 0), objectness: maps(1, 0) }],
    ["has another depth", { boxes: maps(4, 0), objectness: maps(1, 0), classes: maps(3, 0) }],
    [
      "is of another type",
      { boxes: maps(4, 0), objectness: maps(1, 0), classes: { ...maps(2, 0), datatype: "INT32" as never } },
    ],
  ])("refuses an answer that %s", async (_name, answer) => {
    const detector = answering(answer as Record<string, ReturnType<typeof maps>>);
    await expect(detector.detect(detector.inputOf(picture))).rejects.toThrow(UnexpectedOutputError);
  });
});
