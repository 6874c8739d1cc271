import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelNotFoundError } from "../../src/inference/errors.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";
import { expectClose } from "../runtime/expectations.ts";
import { encoderImage, quantisedEncoder, quantisedReference } from "../runtime/fixtures/index.ts";
import { MODES, type ModelHost, published, readIn, startModelHost } from "./start.ts";

const HOST = "http://model-host";
const image: Tensor = { datatype: "UINT8", shape: [1, 32, 32, 3], data: encoderImage() };
const json = {
  id: "42",
  inputs: [{ name: "image", datatype: "UINT8", shape: [1, 32, 32, 3], data: Array.from(encoderImage()) }],
};

const model = await published(quantisedEncoder.options.manifest, "encoder", quantisedEncoder.bytes);
const { revision } = model.manifest;
/** A sum that lies between two steps may be rounded to either. */
const TOLERANCE = 0.02;

let host: ModelHost;

const get = (path: string) => host.fetch(`${HOST}${path}`, {});
const post = (path: string, body: RequestInit["body"], headers: Record<string, string> = {}) =>
  host.fetch(`${HOST}${path}`, {
    method: "POST",
    body: body ?? null,
    headers,
    duplex: "half",
  } as RequestInit);
const infer = (body: unknown) => post("/v2/models/encoder/infer", JSON.stringify(body));

/** The host still answers a good request rightly. */
async function expectHealthy() {
  const { features } = await host.client.infer("encoder", { image });
  expectClose(features?.data as Float32Array, quantisedReference, TOLERANCE);
}

describe.each(MODES)("the model host %s", (_, mode) => {
  beforeAll(async () => {
    host = await startModelHost(mode, [model]);
  });
  afterAll(() => host.stop());

  it("is alive and says what it is", async () => {
    expect((await get("/v2/health/live")).status).toBe(200);
    expect(await (await get("/v2")).json()).toEqual({
      name: "corkboard-model-host",
      version: "1",
      extensions: ["binary_tensor_data", "schedule_policy"],
    });
  });

  it("describes a model before it is loaded, and how it runs after", async () => {
    const before = await host.client.metadata("encoder");
    expect(before).toMatchObject({
      name: "encoder",
      versions: [revision],
      inputs: [{ name: "image", datatype: "UINT8", shape: [-1, 32, 32, 3] }],
      outputs: [{ name: "features", datatype: "FP32", shape: [-1, 16] }],
      parameters: { engine: mode.engine, provider: null, precision: "int8", revision, loaded: false },
    });
    await expectHealthy();
    const { parameters } = await host.client.metadata("encoder");
    expect(parameters).toMatchObject({
      engine: mode.engine,
      provider: mode.provider,
      loaded: true,
      model_bytes: readIn(mode, model).bytes.byteLength,
    });
  });

  it("answers binary tensors", async () => {
    await expectHealthy();
  });

  it("answers JSON tensors with JSON, and repeats the request's id", async () => {
    const response = await infer(json);
    expect(response.headers.get("content-type")).toBe("application/json");
    const body = await response.json();
    expect(body).toMatchObject({ model_name: "encoder", model_version: revision, id: "42" });
    expect(body.outputs[0]).toMatchObject({ name: "features", datatype: "FP32", shape: [1, 16] });
    expectClose(body.outputs[0].data, quantisedReference, TOLERANCE);
  });

  it("answers a batch row by row", async () => {
    const data = Uint8Array.of(...encoderImage(), ...encoderImage().fill(0), ...encoderImage());
    const batch: Tensor = { datatype: "UINT8", shape: [3, 32, 32, 3], data };
    const { features } = await host.client.infer("encoder", { image: batch });
    expect(features!.shape).toEqual([3, 16]);
    expectClose((features!.data as Float32Array).slice(0, 16), quantisedReference, TOLERANCE);
    expectClose((features!.data as Float32Array).slice(32), quantisedReference, TOLERANCE);
  });

  it("serves the version that it has, and no other", async () => {
    const path = `/v2/models/encoder/versions/${revision}`;
    expect((await get(path)).status).toBe(200);
    expect((await get(`${path}/ready`)).status).toBe(200);
    expect((await post(`${path}/infer`, JSON.stringify(json))).status).toBe(200);
    expect((await get("/v2/models/encoder/versions/000000000000")).status).toBe(404);
  });

  it("is ready", async () => {
    expect(await host.client.ready()).toBe(true);
    expect((await get("/v2/models/encoder/ready")).status).toBe(200);
  });

  it("does not know other models, and says which it has", async () => {
    await expect(host.client.infer("other", { image })).rejects.toThrow(ModelNotFoundError);
    const body = await (await get("/v2/models/other")).json();
    expect(body.error).toContain("encoder");
    await expectHealthy();
  });

  it("keeps its model files to itself", async () => {
    for (const path of [
      "/models/registry.json",
      `/models/encoder/${revision}/encoder.onnx`,
      `/models/encoder/${revision}/encoder.plan`,
      "/",
    ]) {
      const response = await get(path);
      expect([response.status, await response.json()]).toEqual([404, { error: "No such route." }]);
    }
  });

  const input = json.inputs[0]!;
  it.each([
    ["broken JSON", () => post("/v2/models/encoder/infer", "{"), 400],
    ["an empty body", () => post("/v2/models/encoder/infer", ""), 400],
    ["no inputs", () => infer({ inputs: [] }), 400],
    [
      "a wrong shape",
      () => infer({ inputs: [{ ...input, shape: [1, 32, 16, 3], data: Array(1536).fill(0) }] }),
      400,
    ],
    [
      "a wrong data type",
      () => infer({ inputs: [{ ...input, datatype: "INT32", data: Array(3072).fill(0) }] }),
      400,
    ],
    ["a wrong name", () => infer({ inputs: [{ ...input, name: "picture" }] }), 400],
    ["an unknown output", () => infer({ ...json, outputs: [{ name: "logits" }] }), 400],
    ["an empty batch", () => infer({ inputs: [{ ...input, shape: [0, 32, 32, 3], data: [] }] }), 400],
    [
      "a deadline that has passed",
      () => post("/v2/models/encoder/infer", JSON.stringify(json), { "x-corkboard-timeout-ms": "0" }),
      504,
    ],
    [
      "a deadline that is no number",
      () => post("/v2/models/encoder/infer", JSON.stringify(json), { "x-corkboard-timeout-ms": "soon" }),
      400,
    ],
    [
      "a body that says it is too long",
      () => post("/v2/models/encoder/infer", new Uint8Array(40 * 1024 * 1024)),
      413,
    ],
    ["a body that turns out too long", () => post("/v2/models/encoder/infer", streamOf(40)), 413],
    ["GET where POST belongs", () => get("/v2/models/encoder/infer"), 404],
    ["an unknown route", () => get("/v2/nothing"), 404],
  ])("answers %s with an error, and the next request with a result", async (_, send, status) => {
    const response = await send();
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
    await expectHealthy();
  });
});

function streamOf(megabytes: number): ReadableStream<Uint8Array> {
  let left = megabytes;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(1024 * 1024));
      else controller.close();
    },
  });
}
