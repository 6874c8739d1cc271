/** The shipped model in the model host: on Corkboard's own engine, and on onnxruntime-web. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embed, parametersOf, shipped, startShipped } from "./shipped.ts";
import type { ModelHost } from "./start.ts";

describe("the shipped model in the model host", () => {
  let engine: ModelHost;
  let onnxruntime: ModelHost;
  beforeAll(async () => {
    [engine, onnxruntime] = await Promise.all([startShipped({}), startShipped({ ENGINE: "ort" })]);
  });
  afterAll(() => Promise.all([engine.stop(), onnxruntime.stop()]));

  it("runs on the engine by default, and the metadata say so before and after it is loaded", async () => {
    expect(await parametersOf(engine)).toMatchObject({ engine: "engine", loaded: false });
    await embed(engine);
    expect(await parametersOf(engine)).toMatchObject({
      engine: "engine",
      provider: "relaxed",
      loaded: true,
    });
    expect(engine.assets.reads.filter((path) => path.endsWith(".onnx"))).toEqual([]);
  });

  it("runs on onnxruntime-web with ENGINE=ort, and answers the same but for rounding", async () => {
    const [a, b] = [await embed(engine), await embed(onnxruntime)];
    expect(await parametersOf(onnxruntime)).toMatchObject({ engine: "wasm" });
    const cosine = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(cosine).toBeGreaterThan(0.999);
  });

  it("runs on onnxruntime-web when the plan is of another revision", async () => {
    const host = await startShipped({});
    const plans = {
      [shipped.name]: {
        revision: "0".repeat(12),
        file: { path: "x.plan", bytes: 1, sha256: "0".repeat(64) },
        heapBytes: 1,
      },
    };
    host.assets.files.set("/models/plans.json", JSON.stringify(plans));
    expect((await embed(host)).length).toBe(shipped.output.dimensions);
    expect(await parametersOf(host)).toMatchObject({ engine: "wasm", loaded: true });
    await host.stop();
  });
});
