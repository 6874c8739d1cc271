/** Runs inside workerd for `timeInWorkerd`: loads one ONNX model and runs it as many times as it is told. */
import { compileOnnxWasm } from "#runtime/wasm";
import { decodeInferRequest } from "../../src/inference/decode.ts";
import { encodeInferResponse } from "../../src/inference/encode.ts";
import { HEADER_LENGTH } from "../../src/inference/protocol.ts";
import { fromOrtTensor, toOrtTensor } from "../../src/runtime/onnx-tensor.ts";
import { type OnnxWasm, onnxWasm } from "../../src/runtime/onnx-wasm.ts";
import type { NumericTensors } from "../../src/runtime/tensor.ts";

let started: OnnxWasm | undefined;
let session: Awaited<ReturnType<OnnxWasm["ort"]["InferenceSession"]["create"]>> | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    started ??= onnxWasm(await compileOnnxWasm());
    const { ort, heapBytes } = started;
    if (url.pathname === "/load") {
      session = await ort.InferenceSession.create(body, { executionProviders: ["wasm"] });
      return Response.json({ heapBytes: heapBytes() });
    }
    const { inputs } = decodeInferRequest(body, request.headers.get(HEADER_LENGTH));
    const feeds = Object.fromEntries(
      Object.entries(inputs as NumericTensors).map(([name, tensor]) => [
        name,
        toOrtTensor(ort.Tensor, tensor),
      ]),
    );
    let results = {};
    for (let left = Number(url.searchParams.get("k")); left > 0; left--) results = await session!.run(feeds);
    const outputs = Object.fromEntries(
      Object.entries(results as Awaited<ReturnType<NonNullable<typeof session>["run"]>>).map(
        ([name, value]) => [name, fromOrtTensor(value)],
      ),
    );
    const response = encodeInferResponse({ model: "timed", outputs });
    return new Response(response.body, {
      headers: { ...response.headers, "heap-bytes": String(heapBytes()) },
    });
  },
};
