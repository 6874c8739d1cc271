import { describe, expect, it } from "vitest";
import { fromSceneBytes, toSceneBytes } from "../../../src/http/cache/scene-record.ts";

const object = (score: number) => ({ box: { x0: 0.1, y0: 0.2, x1: 0.3, y1: 0.4 }, category: "chair", score });
const record = {
  objects: [object(0.9), object(0.5), object(0.25)],
  vectors: new Map([
    [2, Float32Array.of(0.25, -1)],
    [0, Float32Array.of(1, 0.5)],
  ]),
};

describe("a scene's bytes", () => {
  it("hold what was put in", () => {
    expect(fromSceneBytes(toSceneBytes(record).buffer, 2)).toEqual(record);
    const empty = { objects: [], vectors: new Map() };
    expect(fromSceneBytes(toSceneBytes(empty).buffer, 2)).toEqual(empty);
  });

  it("are nothing when they are cut off, changed, or of another model", () => {
    const bytes = toSceneBytes(record);
    expect(fromSceneBytes(bytes.buffer, 3)).toBeUndefined();
    for (let length = 0; length < bytes.length; length++) {
      expect(fromSceneBytes(bytes.slice(0, length).buffer, 2)).toBeUndefined();
    }
    for (let at = 0; at < 4; at++) {
      const broken = bytes.slice();
      broken[at] = 0xff;
      expect(fromSceneBytes(broken.buffer, 2)).toBeUndefined();
    }
  });

  it("are nothing when a vector belongs to no object", () => {
    const stray = { objects: [object(1)], vectors: new Map([[1, Float32Array.of(1, 0)]]) };
    expect(fromSceneBytes(toSceneBytes(stray).buffer, 2)).toBeUndefined();
  });
});
