import { describe, expect, it } from "vitest";
import shipped from "../../models/complete-the-look/category-head.json";
import manifest from "../../models/unified-embedding/manifest.json";
import { LookClassifier } from "../../src/vision/look-classifier.ts";

const base64 = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer).toString("base64");
const file = {
  backbone: "tiny@0123456789ab",
  categories: ["chair", "lamp"],
  dimensions: 2,
  weight: base64(4, 0, 0, 4),
  bias: base64(0, 1),
};

describe("the category of a picture", () => {
  it("is the most probable one, where it is probable enough", () => {
    const classifier = new LookClassifier(file);
    expect(classifier.lookOf(Float32Array.of(1, 0))).toBe("chair");
    expect(classifier.lookOf(Float32Array.of(0, 1))).toBe("lamp");
    // Logits 2.83 and 2.83 + 1: 73 %. Then 0.2 apart: 55 %.
    expect(classifier.lookOf(Float32Array.of(Math.SQRT1_2, Math.SQRT1_2))).toBe("lamp");
    expect(classifier.lookOf(Float32Array.of(0.8, 0.6))).toBeUndefined();
  });

  it("is refused for vectors of another length and files of another form", () => {
    expect(() => new LookClassifier(file).lookOf(Float32Array.of(1, 0, 0))).toThrow(RangeError);
    expect(() => new LookClassifier({ ...file, weight: base64(1) })).toThrow(RangeError);
    expect(() => new LookClassifier({ ...file, weight: "not base64!" })).toThrow();
    expect(() => new LookClassifier({})).toThrow();
  });

  it("reads the embeddings of the model that is shipped", () => {
    const classifier = new LookClassifier(shipped);
    expect(classifier.backbone).toBe(`${manifest.name}@${manifest.revision}`);
    const vector = new Float32Array(shipped.dimensions);
    vector[0] = 1;
    expect([undefined, ...shipped.categories]).toContain(classifier.lookOf(vector));
  });
});
