/**
 * The origin against the shapes of the published protocol, with values of our own:
 * - Open Inference Protocol, HTTP/REST: github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md
 * - binary tensor data, parameters, schedule policy: github.com/triton-inference-server/server, docs/protocol
 */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { startHeld, type TestOrigin } from "../origin/start.ts";

/** The made-up model `held` doubles its one input: x FP32 [-1, 1] to y FP32 [-1, 1]. */
const MODEL = "/v2/models/held";
const VERSION = "000000000000";
const HEADER_LENGTH = "Inference-Header-Content-Length";

const tensor = { name: z.string(), datatype: z.string(), shape: z.array(z.int()) };
const ErrorBody = z.strictObject({ error: z.string().min(1) });
const ServerMetadata = z.strictObject({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});
const ModelMetadata = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(z.strictObject(tensor)),
  outputs: z.array(z.strictObject(tensor)),
});
const InferResponse = z.strictObject({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  outputs: z.array(
    z.strictObject({
      ...tensor,
      data: z.array(z.number()).optional(),
      parameters: z.strictObject({ binary_data_size: z.int() }).optional(),
    }),
  ),
});

let origin: TestOrigin;
beforeAll(async () => {
  origin = await startHeld();
});
afterAll(() => origin.stop());

const x = { name: "x", shape: [2, 1], datatype: "FP32", data: [1.5, -3] };
/** 1.5 and −3 as little-endian FP32. */
const X_BYTES = [0, 0, 0xc0, 0x3f, 0, 0, 0x40, 0xc0];
/** 3 and −6. */
const Y_BYTES = [0, 0, 0x40, 0x40, 0, 0, 0xc0, 0xc0];

function post(json: unknown, { path = `${MODEL}/infer`, binary = [] as number[], headers = {} } = {}) {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const length = { "content-type": "application/octet-stream", [HEADER_LENGTH]: String(text.length) };
  return origin.get(path, {
    method: "POST",
    headers: { ...(binary.length > 0 ? length : { "content-type": "application/json" }), ...headers },
    body: Uint8Array.of(...text, ...binary),
  });
}

async function readJson(response: Response) {
  expect([response.status, response.headers.get(HEADER_LENGTH)]).toEqual([200, null]);
  expect(response.headers.get("content-type")).toBe("application/json");
  return InferResponse.parse(await response.json());
}

async function readBinary(response: Response) {
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
  const bytes = new Uint8Array(await response.arrayBuffer());
  const length = Number(response.headers.get(HEADER_LENGTH));
  expect(Number(response.headers.get("content-length"))).toBe(bytes.length);
  const header = InferResponse.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(0, length))));
  return { header, binary: [...bytes.subarray(length)] };
}

describe("health and metadata", () => {
  it("says live and ready, of the server and of a model, with and without a version", async () => {
    const health = async (path: string) => (await origin.get(path)).json();
    expect(await health("/v2/health/live")).toEqual({ live: true });
    expect(await health("/v2/health/ready")).toEqual({ live: true, ready: true });
    for (const path of [MODEL, `${MODEL}/versions/${VERSION}`]) {
      expect(await health(`${path}/ready`)).toEqual({ name: "held", ready: true });
    }
  });

  it("describes the server, with the extensions that it has", async () => {
    const metadata = ServerMetadata.parse(await (await origin.get("/v2")).json());
    expect(metadata.extensions).toEqual(["binary_tensor_data", "schedule_policy"]);
  });

  it("describes a model, with -1 for free dimensions", async () => {
    for (const path of [MODEL, `${MODEL}/versions/${VERSION}`]) {
      const metadata = ModelMetadata.parse(await (await origin.get(path)).json());
      expect(metadata).toMatchObject({ name: "held", versions: [VERSION], platform: "onnxruntime_onnx" });
      expect(metadata.inputs).toEqual([{ name: "x", datatype: "FP32", shape: [-1, 1] }]);
    }
  });

  it.each([
    ["GET", "/v2/models/other"],
    ["GET", `${MODEL}/versions/2`],
    ["GET", "/v2/models/other/ready"],
    ["POST", "/v2/models/other/infer"],
    ["POST", `${MODEL}/versions/2/infer`],
    ["GET", "/v2/nothing"],
  ])("answers %s %s, which is not there, with an error object", async (method, path) => {
    const body = method === "POST" ? JSON.stringify({ inputs: [x] }) : null;
    const response = await origin.get(path, { method, body });
    expect(response.status).toBe(404);
    ErrorBody.parse(await response.json());
  });
});

describe("inference", () => {
  it("answers JSON with JSON, and the id that it was given", async () => {
    for (const path of [`${MODEL}/infer`, `${MODEL}/versions/${VERSION}/infer`]) {
      const request = { id: "17", inputs: [x], outputs: [{ name: "y" }] };
      expect(await readJson(await post(request, { path }))).toEqual({
        model_name: "held",
        model_version: VERSION,
        id: "17",
        outputs: [{ name: "y", datatype: "FP32", shape: [2, 1], data: [3, -6] }],
      });
    }
  });

  it("gives back an empty id, and none where there was none", async () => {
    expect(await readJson(await post({ id: "", inputs: [x] }))).toHaveProperty("id", "");
    expect(await readJson(await post({ inputs: [x] }))).not.toHaveProperty("id");
  });

  it("answers all outputs where none are named, and takes nested arrays", async () => {
    const nested = { ...x, data: [[1.5], [-3]] };
    for (const outputs of [undefined, []]) {
      const answer = await readJson(await post({ inputs: [nested], outputs }));
      expect(answer.outputs.map(({ data }) => data)).toEqual([[3, -6]]);
    }
  });

  const binaryX = { name: "x", shape: [2, 1], datatype: "FP32", parameters: { binary_data_size: 8 } };

  it("takes binary tensors after the JSON, and answers JSON unless asked otherwise", async () => {
    const answer = await readJson(await post({ inputs: [binaryX] }, { binary: X_BYTES }));
    expect(answer.outputs[0]).toHaveProperty("data", [3, -6]);
  });

  it.each([
    ["an output says so", { outputs: [{ name: "y", parameters: { binary_data: true } }] }],
    ["the request says so", { parameters: { binary_data_output: true } }],
    [
      "an output says so against the request",
      {
        parameters: { binary_data_output: false },
        outputs: [{ name: "y", parameters: { binary_data: true } }],
      },
    ],
  ])("answers with binary tensors where %s", async (_, wish) => {
    for (const [input, binary] of [
      [binaryX, X_BYTES],
      [x, []],
    ] as const) {
      const answer = await readBinary(await post({ inputs: [input], ...wish }, { binary: [...binary] }));
      expect(answer.header.outputs).toEqual([
        { name: "y", datatype: "FP32", shape: [2, 1], parameters: { binary_data_size: 8 } },
      ]);
      expect(answer.binary).toEqual(Y_BYTES);
    }
  });

  it("takes parameters that it does not know, and members, of every object", async () => {
    const parameters = { mine: "x", priority: 1, sequence_id: 0, flag: true };
    const answer = await readJson(
      await post({
        model_name: "held",
        parameters,
        inputs: [{ ...x, parameters, more: 1 }],
        outputs: [{ name: "y", parameters, more: 1 }],
        more: [],
      }),
    );
    expect(answer.outputs[0]).toHaveProperty("data", [3, -6]);
  });

  it.each<[string, object, { binary?: number[]; headers?: Record<string, string> }, number]>([
    [
      "a data type that the model does not take",
      { inputs: [{ ...x, datatype: "INT32", data: [1, 2] }] },
      {},
      400,
    ],
    [
      "a data type that is not served",
      { inputs: [{ ...x, datatype: "BOOL", data: [true, false] }] },
      {},
      400,
    ],
    ["a shape that the model does not take", { inputs: [{ ...x, shape: [1, 2] }] }, {}, 400],
    ["fewer numbers than the shape has", { inputs: [{ ...x, data: [1] }] }, {}, 400],
    ["an unknown input", { inputs: [{ ...x, name: "z" }] }, {}, 400],
    ["an unknown output", { inputs: [x], outputs: [{ name: "z" }] }, {}, 400],
    ["no inputs", {}, {}, 400],
    ["a size that is not the shape's", { inputs: [{ ...binaryX, shape: [1, 1] }] }, { binary: X_BYTES }, 400],
    ["bytes that belong to no tensor", { inputs: [binaryX] }, { binary: [...X_BYTES, 0] }, 400],
    ["a header length beyond the body", { inputs: [x] }, { headers: { [HEADER_LENGTH]: "100000" } }, 400],
  ])("answers %s with an error object", async (_, request, options, status) => {
    const response = await post(request, options);
    expect(response.status).toBe(status);
    ErrorBody.parse(await response.json());
  });

  it("says of a compressed body that it takes none", async () => {
    const response = await origin.get(`${MODEL}/infer`, {
      method: "POST",
      headers: { "content-encoding": "gzip" },
      body: gzipSync(JSON.stringify({ inputs: [x] })),
    });
    expect(response.status).toBe(415);
    expect(ErrorBody.parse(await response.json()).error).toContain("gzip");
  });
});
