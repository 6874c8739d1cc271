/** What the page computes and says, without a browser. */
import { describe, expect, it } from "vitest";
import { compare } from "../../functions/api/page/compare.ts";
import { roundTrip, serverStages } from "../../functions/api/page/encode/timing.ts";
import { trailOf } from "../../functions/api/page/encode/trail.ts";
import { type Calibration, calibrationOf, interpret } from "../../functions/api/page/interpretation.ts";
import { curlCommand } from "../../functions/api/page/views/curl.ts";
import { mergeStages, milliseconds } from "../../functions/api/page/views/stage-bar.ts";
import type { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";

describe("compare", () => {
  it("splits the cosine into what each dimension adds", () => {
    const { cosine, contributions, gain, loss, equalBits, hamming } = compare(
      Float32Array.of(3, 4, 0),
      Float32Array.of(4, -3, 0),
    );
    expect(cosine).toBeCloseTo(0, 6);
    expect([...contributions].map((value) => value.toFixed(2))).toEqual(["0.48", "-0.48", "0.00"]);
    expect([gain, loss]).toEqual([expect.closeTo(0.48, 6), expect.closeTo(-0.48, 6)]);
    expect([equalBits, hamming]).toEqual([2, expect.closeTo(2 / 3, 6)]);
  });

  it("never leaves −1…1 by rounding", () => {
    const vector = Float32Array.from({ length: 256 }, (_, index) => Math.sin(index + 1));
    expect(compare(vector, vector).cosine).toBeLessThanOrEqual(1);
  });

  it("refuses vectors of different lengths and of zeros", () => {
    expect(() => compare(Float32Array.of(1), Float32Array.of(1, 0))).toThrow(RangeError);
    expect(() => compare(Float32Array.of(0), Float32Array.of(1))).toThrow(RangeError);
  });
});

describe("server-timing", () => {
  it("reads stages and leaves out totals and entries without a duration", () => {
    expect(serverStages('decode;dur=3.1, infer;desc="Model";dur=20, total;dur=30, cached')).toEqual([
      { name: "decode", ms: 3.1 },
      { name: "infer", ms: 20 },
    ]);
  });

  it("counts the rest of the round trip as network", () => {
    expect(roundTrip("infer;dur=20", 25)).toEqual([
      { name: "infer", ms: 20 },
      { name: "network", ms: 5 },
    ]);
    expect(roundTrip(null, 7)).toEqual([{ name: "network", ms: 7 }]);
  });
});

describe("the trail", () => {
  const encoding = { embedding: Float32Array.of(1), sha256: "", stages: [] };
  it("names what was passed over, with the reason", () => {
    const passedOver = ["WebGPU: no adapter"];
    expect(trailOf({ ...encoding, place: "wasm", cache: "miss", passedOver })).toBe(
      "WebGPU: no adapter → WASM",
    );
    const engine = "Corkboard engine, SIMD";
    expect(trailOf({ ...encoding, place: "wasm", cache: "miss", engine, passedOver: [] })).toBe(
      "WASM (Corkboard engine, SIMD)",
    );
    expect(trailOf({ ...encoding, place: "server", cache: "edge", passedOver: [] })).toBe("Edge cache");
  });
});

describe("interpretation", () => {
  const calibration: Calibration = {
    unrelated: { p05: -0.1, p50: 0.1, p95: 0.3, p99: 0.45 },
    same: { p05: 0.4, p50: 0.7, p95: 0.9 },
  };

  it.each([
    [0.99, "Practically the same"],
    [0.8, "Very much alike"],
    [0.5, "Alike"],
    [0.4, "A resemblance"],
    [0.2, "Not alike"],
    [-0.3, "Not alike"],
  ])("calls %f %s", (cosine, verdict) => {
    expect(interpret(cosine, calibration).verdict).toBe(verdict);
  });

  it("claims nothing about a model that publishes no measurements", () => {
    expect(interpret(0.6, undefined).explanation).toContain("publishes no measurements");
  });

  it("reads the calibration from the manifest's metrics, or nothing when a figure is missing", () => {
    const metrics = {
      ...{ cosine_unrelated_p05: -0.1, cosine_unrelated_p50: 0.1, cosine_unrelated_p95: 0.3 },
      ...{ cosine_unrelated_p99: 0.45, cosine_same_p05: 0.4, cosine_same_p50: 0.7, cosine_same_p95: 0.9 },
    };
    expect(calibrationOf({ metrics } as unknown as ImageEmbeddingManifest)).toEqual(calibration);
    const { cosine_same_p95: _, ...incomplete } = metrics;
    expect(calibrationOf({ metrics: incomplete } as unknown as ImageEmbeddingManifest)).toBeUndefined();
  });
});

describe("the command", () => {
  it("quotes names that a shell would split", () => {
    expect(curlCommand("http://x", "a.jpg", undefined)).toBe("curl -F image=@a.jpg http://x/v1/embeddings");
    expect(curlCommand("http://x", "it's.jpg", "m")).toBe(
      "curl -F image=@'it'\\''s.jpg' -F model=m http://x/v1/embeddings",
    );
  });
});

it("adds stages of one name up and leaves out those that took no time", () => {
  const stages = [
    { name: "hash", ms: 3 },
    { name: "load", ms: 0.01 },
    { name: "hash", ms: 1 },
  ];
  expect(mergeStages(stages)).toEqual([{ name: "hash", ms: 4 }]);
});

it("writes times in fitting units", () => {
  expect([0.04, 9.96, 61.6, 1620].map(milliseconds)).toEqual(["0.0 ms", "10.0 ms", "62 ms", "1.62 s"]);
});
