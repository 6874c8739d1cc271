/**
 * The client against answers of the shapes that are published, and that other servers send, with values of our own:
 * - Open Inference Protocol, HTTP/REST: github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md
 * - binary tensor data: github.com/triton-inference-server/server, docs/protocol/extension_binary_data.md
 * - statuses: HttpCodeFromError in src/http_server.cc there; what Triton 2.51 answers was looked at too
 */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { InferenceClient, type InferenceClientOptions } from "../../src/inference/client.ts";
import {
  HostRefusedError,
  HostUnavailableError,
  ModelNotFoundError,
  RevisionMismatchError,
} from "../../src/inference/errors.ts";
import { integerVersion } from "../../src/inference/integer-version.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";

const REVISION = "1f3f17fdd7f9";
const image: Tensors = { image: { datatype: "UINT8", shape: [1, 3], data: Uint8Array.of(7, 8, 9) } };
/** 0.5 and −2 as little-endian FP32. */
const BYTES = [0, 0, 0, 0x3f, 0, 0, 0, 0xc0];
const vector = { datatype: "FP32", shape: [1, 2], data: Float32Array.of(0.5, -2) };

interface Seen {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let server: Server | undefined;
let seen: Seen;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function clientOf(
  status: number,
  json: unknown,
  { binary = [] as number[], options = {} as InferenceClientOptions } = {},
) {
  const text = Buffer.from(typeof json === "string" ? json : JSON.stringify(json));
  const started = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen = {
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    const binaryHeaders = {
      "Content-Type": "application/octet-stream",
      "Inference-Header-Content-Length": text.length,
    };
    response
      .writeHead(status, binary.length > 0 ? binaryHeaders : { "Content-Type": "application/json" })
      .end(Buffer.from([...text, ...binary]));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  return new InferenceClient({ baseUrl, ...options });
}

const output = { name: "embedding", shape: [1, 2], datatype: "FP32" };
const inJson = { ...output, data: [0.5, -2] };
const inBinary = { ...output, parameters: { binary_data_size: 8 } };

describe("a request", () => {
  it("has the form of the binary tensor data extension", async () => {
    const client = await clientOf(200, { model_name: "m", outputs: [inJson] });
    await client.infer("m", image, { outputs: ["embedding"], timeoutMs: 30_000 });
    expect([seen.method, seen.url]).toEqual(["POST", "/v2/models/m/infer"]);
    expect(seen.headers["content-type"]).toBe("application/octet-stream");
    const length = Number(seen.headers["inference-header-content-length"]);
    expect(Number(seen.headers["content-length"])).toBe(length + 3);
    expect(JSON.parse(seen.body.subarray(0, length).toString())).toEqual({
      parameters: { binary_data_output: true, timeout: 30_000_000 },
      inputs: [{ name: "image", datatype: "UINT8", shape: [1, 3], parameters: { binary_data_size: 3 } }],
      outputs: [{ name: "embedding", parameters: { binary_data: true } }],
    });
    expect([...seen.body.subarray(length)]).toEqual([7, 8, 9]);
  });
});

describe("an answer", () => {
  it.each<[string, object, number[]]>([
    ["in JSON, as the protocol's example, which names no model", { id: "42", outputs: [inJson] }, []],
    ["in binary, as Triton's example, which names none either", { outputs: [inBinary] }, BYTES],
    ["as Triton sends it", { model_name: "m", model_version: "1", outputs: [inBinary] }, BYTES],
    [
      "with parameters and members that it does not know",
      {
        model_name: "m",
        parameters: { sequence_id: 0, triton_final_response: true },
        outputs: [{ ...inJson, parameters: { mine: 1 }, more: 1 }],
        more: 1,
      },
      [],
    ],
    ["with nested numbers", { model_name: "m", outputs: [{ ...output, data: [[0.5, -2]] }] }, []],
  ])("is read %s", async (_, json, binary) => {
    const client = await clientOf(200, json, { binary });
    expect(await client.infer("m", image)).toEqual({ embedding: vector });
  });

  it("may have more outputs than were asked for, in any order, binary and JSON mixed", async () => {
    const other = { name: "map", shape: [2], datatype: "INT8", parameters: { binary_data_size: 2 } };
    const extra = { name: "extra", shape: [1], datatype: "INT64", data: [5] };
    const json = { model_name: "m", outputs: [other, extra, inBinary] };
    const client = await clientOf(200, json, { binary: [255, 1, ...BYTES] });
    expect(await client.infer("m", image, { outputs: ["embedding"] })).toEqual({
      map: { datatype: "INT8", shape: [2], data: Int8Array.of(-1, 1) },
      extra: { datatype: "INT64", shape: [1], data: BigInt64Array.of(5n) },
      embedding: vector,
    });
  });

  it.each<[number, unknown, new (...args: never[]) => Error]>([
    [400, { error: "unexpected inference output" }, HostRefusedError],
    [404, { error: "Request for unknown model" }, ModelNotFoundError],
    [404, "", ModelNotFoundError],
    [500, { error: "internal" }, HostRefusedError],
    [501, { error: "unsupported" }, HostRefusedError],
    [503, { error: "Exceeds maximum queue size" }, HostUnavailableError],
  ])("of status %i and %j is an error of its kind", async (status, json, kind) => {
    const client = await clientOf(status, json);
    await expect(client.infer("m", image)).rejects.toThrow(kind);
    expect(await client.ready()).toBe(false);
  });

  it("about a model may leave out what is optional, and have more", async () => {
    const least = { name: "m", platform: "custom", inputs: [], outputs: [] };
    expect(await (await clientOf(200, least)).metadata("m")).toEqual(least);
    server?.close();
    const more = { ...least, versions: ["1", "2"], inputs: [{ name: "x", datatype: "BYTES", shape: [-1] }] };
    expect(await (await clientOf(200, { ...more, properties: {} })).metadata("m")).toMatchObject(more);
  });

  it("about readiness needs no body", async () => {
    expect(await (await clientOf(200, "")).ready()).toBe(true);
  });
});

describe("a host whose versions are integers", () => {
  const options = { versions: "integer" } as const;

  it("is asked for the integer of a revision, and its answer is of that revision", async () => {
    const version = integerVersion(REVISION);
    const client = await clientOf(
      200,
      { model_name: "m", model_version: version, outputs: [inJson] },
      { options },
    );
    expect(await client.infer(`m@${REVISION}`, image)).toEqual({ embedding: vector });
    expect(seen.url).toBe(`/v2/models/m/versions/${version}/infer`);
  });

  it.each([
    ["1", "000000000001"],
    [integerVersion("1f3f17fdd7f8"), "1f3f17fdd7f8"],
    [undefined, undefined],
    [REVISION, REVISION],
    ["99999999999999999", "99999999999999999"],
  ])("is not believed when it answers with version %s", async (model_version, got) => {
    const json = { model_name: "m", model_version, outputs: [inJson] };
    // A revision in hex is no answer of such a host: these digits are another number.
    const wanted = model_version === REVISION ? "0123456789ab" : REVISION;
    const client = await clientOf(200, json, { options });
    const error = await client.infer(`m@${wanted}`, image).catch((reason) => reason);
    expect(error).toBeInstanceOf(RevisionMismatchError);
    expect([error.wanted, error.got]).toEqual([wanted, got]);
  });

  it("is asked by the name alone where no revision is named", async () => {
    const client = await clientOf(
      200,
      { model_name: "m", model_version: "1", outputs: [inJson] },
      { options },
    );
    expect(await client.infer("m", image)).toEqual({ embedding: vector });
    expect(seen.url).toBe("/v2/models/m/infer");
  });
});
