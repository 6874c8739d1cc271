/** A detector on a 4 × 4 grid: a red cell is a chair, a blue one a lamp, as certain as it is coloured. */
import { type ObjectDetectionManifest, pinnedName } from "../../../src/runtime/manifest.ts";
import type { Tensors } from "../../../src/runtime/tensor.ts";
import type { Inference } from "../../../src/vision/unified-embedding.ts";
import { CountingInference } from "../fakes.ts";

const SIDE = 64;
const STRIDE = 16;
const GRID = SIDE / STRIDE;

export const GRID_DETECTOR: ObjectDetectionManifest = {
  name: "shop-the-look",
  revision: "ba9876543210",
  task: "object-detection",
  description: "Finds coloured cells.",
  license: "Apache-2.0",
  source: "drawn for tests",
  input: { name: "image", datatype: "UINT8", shape: [-1, SIDE, SIDE, 3] },
  preprocess: { width: SIDE, height: SIDE, fit: "contain", background: [114, 114, 114], layout: "NHWC" },
  outputs: [
    { name: "boxes", datatype: "FP32", shape: [-1, GRID, GRID, 4] },
    { name: "objectness", datatype: "FP32", shape: [-1, GRID, GRID, 1] },
    { name: "classes", datatype: "FP32", shape: [-1, GRID, GRID, 2] },
  ],
  detection: {
    categories: ["chair", "lamp"],
    groups: { home: ["chair", "lamp"] },
    levels: [{ stride: STRIDE, boxes: "boxes", objectness: "objectness", classes: "classes" }],
    score_threshold: 0.5,
    iou_threshold: 0.5,
  },
  files: { int8: { path: "grid.onnx", bytes: 1, sha256: "0".repeat(64) } },
  metrics: {},
};

export class SceneInference implements Inference {
  readonly encoder = new CountingInference();
  /** Pictures that the detector has seen. */
  detections = 0;
  /** Runs before every detection: wait or throw here. */
  before: () => Promise<void> = async () => {};

  infer: Inference["infer"] = async (model, inputs, options) => {
    if (model !== pinnedName(GRID_DETECTOR)) return this.encoder.infer(model, inputs, options);
    this.detections += 1;
    await this.before();
    return detectCells(inputs.image!.data as Uint8Array);
  };
}

function detectCells(pixels: Uint8Array): Tensors {
  const boxes = new Float32Array(GRID * GRID * 4);
  const objectness = new Float32Array(GRID * GRID);
  const classes = new Float32Array(GRID * GRID * 2);
  for (let cell = 0; cell < GRID * GRID; cell++) {
    const [red, blue] = [0, 2].map((channel) => excess(pixels, cell, channel));
    boxes.set([0.5, 0.5, 0, 0], cell * 4);
    objectness[cell] = Math.max(red!, blue!) / 16 - 4;
    classes.set([red! / 16, blue! / 16], cell * 2);
  }
  const shape = (depth: number) => [1, GRID, GRID, depth];
  return {
    boxes: { datatype: "FP32", shape: shape(4), data: boxes },
    objectness: { datatype: "FP32", shape: shape(1), data: objectness },
    classes: { datatype: "FP32", shape: shape(2), data: classes },
  };
}

/** How much brighter a channel is than the next one, in the middle of a cell. */
function excess(pixels: Uint8Array, cell: number, channel: number): number {
  const [x, y] = [(cell % GRID) * STRIDE + STRIDE / 2, Math.floor(cell / GRID) * STRIDE + STRIDE / 2];
  const at = (y * SIDE + x) * 3;
  return pixels[at + channel]! - pixels[at + ((channel + 1) % 3)]!;
}
