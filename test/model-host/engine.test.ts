/** The shipped model in the model host: on Corkboard's own engine, and on onnxruntime-web. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import { type ModelHost, ON_ENGINE, ON_ONNXRUNTIME, published, startModelHost } from "./start.ts";

const FOLDER = new URL("../../models/unified-embedding/", import.meta.url);
const shipped = ImageEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", FOLDER), "utf8")),
);
const onnx = new Uint8Array(await readFile(new URL(shipped.files.int8!.path, FOLDER)));
const model = await published(shipped, shipped.name, onnx);
const { manifest } = model;
const shape = [1, ...manifest.input.shape.slice(1)];
const data = Uint8Array.from(
  { length: shape.reduce((a, b) => a * b) },
  (_, i) => 127 + 100 * Math.sin(i / 700),
);

async function embed({ client }: ModelHost): Promise<Float32Array> {
  const inputs = { [manifest.input.name]: { datatype: "UINT8" as const, shape, data } };
  const outputs = await client.infer(manifest.name, inputs);
  return outputs[manifest.output.name]!.data as Float32Array;
}

async function parameters({ fetch }: ModelHost) {
  const response = await fetch(`http://model-host/v2/models/${manifest.name}`, {});
  return ((await response.json()) as { parameters: Record<string, unknown> }).parameters;
}

describe("the shipped model in the model host", () => {
  let engine: ModelHost;
  let onnxruntime: ModelHost;
  beforeAll(async () => {
    [engine, onnxruntime] = await Promise.all([
      startModelHost(ON_ENGINE, [model]),
      startModelHost(ON_ONNXRUNTIME, [model]),
    ]);
  });
  afterAll(() => Promise.all([engine.stop(), onnxruntime.stop()]));

  it("runs on the engine by default, and the metadata say so before and after it is loaded", async () => {
    expect(await parameters(engine)).toMatchObject({ engine: "engine", loaded: false });
    await embed(engine);
    expect(await parameters(engine)).toMatchObject({ engine: "engine", provider: "relaxed", loaded: true });
    expect(engine.assets.reads.filter((path) => path.endsWith(".onnx"))).toEqual([]);
  });

  it("runs on onnxruntime-web with ENGINE=ort, and answers the same but for rounding", async () => {
    const [a, b] = [await embed(engine), await embed(onnxruntime)];
    expect(await parameters(onnxruntime)).toMatchObject({ engine: "wasm" });
    const cosine = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(cosine).toBeGreaterThan(0.999);
  });

  it("runs on onnxruntime-web when the plan is of another revision", async () => {
    const host = await startModelHost(ON_ENGINE, [model]);
    const plans = {
      [`${manifest.name}@${"0".repeat(12)}`]: {
        file: { path: "x.plan", bytes: 1, sha256: "0".repeat(64) },
      },
    };
    host.assets.files.set("/models/plans.json", JSON.stringify(plans));
    expect((await embed(host)).length).toBe(manifest.output.dimensions);
    expect(await parameters(host)).toMatchObject({ engine: "wasm", loaded: true });
    await host.stop();
  });
});
