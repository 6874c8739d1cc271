/** An embedding model that answers a feature map too, and a head on it: both on fakes. */
import type { ImageEmbeddingManifest, LookCompatibilityManifest } from "../../src/runtime/manifest.ts";
import type { Tensor, Tensors } from "../../src/runtime/tensor.ts";
import type { Inference } from "../../src/vision/unified-embedding.ts";
import { TINY } from "./fakes.ts";

export const WITH_MAP: ImageEmbeddingManifest = {
  ...TINY,
  maps: [{ name: "map", datatype: "FP32", shape: [-1, 2, 2, 3] }],
};

export const HEAD: LookCompatibilityManifest = {
  name: "complete-the-look",
  revision: "abcdef012345",
  task: "look-compatibility",
  description: "Says nothing true.",
  license: "Apache-2.0",
  source: "drawn for tests",
  input: { name: "map", datatype: "FP32", shape: [-1, 2, 2, 3] },
  outputs: [
    { name: "product", datatype: "FP32", shape: [-1, 4] },
    { name: "scene", datatype: "FP32", shape: [-1, 4] },
    { name: "queries", datatype: "FP32", shape: [-1, 2, 4] },
    { name: "attention", datatype: "FP32", shape: [-1, 2, 4] },
  ],
  compatibility: {
    backbone: `${TINY.name}@${TINY.revision}`,
    map: "map",
    categories: ["chair", "lamp"],
    dimensions: 4,
    regions: [2, 2],
  },
  files: { fp32: { path: "head.onnx", bytes: 1, sha256: "0".repeat(64) } },
  metrics: {},
};

const fp32 = (shape: number[], data: Float32Array): Tensor => ({ datatype: "FP32", shape, data });

/** Answers for every model and output what its name and row decide; counts calls. */
export class LookInference implements Inference {
  /** Outputs asked for, by call, with the model's name before them. */
  readonly calls: string[] = [];
  /** Runs before every answer: throw here. */
  before: (model: string) => void = () => {};

  infer: Inference["infer"] = async (model, inputs, options = {}) => {
    const { outputs = [] } = options;
    this.calls.push([model, ...outputs].join(" "));
    this.before(model);
    const rows = Object.values(inputs)[0]!.shape[0]!;
    const answers = outputs.map((name): [string, Tensor] => [name, this.#answer(name, rows)]);
    return Object.fromEntries(answers) as Tensors;
  };

  #answer(name: string, rows: number): Tensor {
    if (name === "embedding") return fp32([rows, 16], new Float32Array(rows * 16).fill(1));
    if (name === "map")
      return fp32(
        [rows, 2, 2, 3],
        Float32Array.from({ length: rows * 12 }, (_, i) => i),
      );
    if (name === "product" || name === "scene") {
      const axis = name === "product" ? 1 : 2;
      return fp32(
        [rows, 4],
        Float32Array.from({ length: rows * 4 }, (_, i) => (i % 4 === axis ? 1 : 0)),
      );
    }
    return fp32(
      [rows, 2, 4],
      Float32Array.from({ length: rows * 8 }, (_, i) => i / 8),
    );
  }
}
