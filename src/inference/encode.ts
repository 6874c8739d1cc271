/** Messages of the Open Inference Protocol to bytes. Tensor bytes are little-endian, as every machine served is. */
import type { Tensor, Tensors } from "../runtime/tensor.ts";
import { concatenate } from "./body.ts";
import { binaryFromBytes, bytesSize, jsonFromBytes } from "./bytes-data.ts";
import { MalformedMessageError } from "./errors.ts";
import {
  BINARY_TYPE,
  type EncodedMessage,
  HEADER_LENGTH,
  type InferRequest,
  type InferResponse,
  JSON_TYPE,
} from "./protocol.ts";
import { bytesOf } from "./tensor-data.ts";

/** A request with binary tensors that asks for binary outputs. */
export function encodeInferRequest(request: InferRequest): EncodedMessage {
  const names = Object.keys(request.inputs);
  const header = {
    id: request.id,
    parameters: {
      binary_data_output: true,
      // Triton's schedule policy counts in microseconds.
      timeout: request.timeoutMs === undefined ? undefined : Math.ceil(request.timeoutMs * 1000),
    },
    inputs: names.map((name) => tensorHeader(name, request.inputs[name]!, true)),
    outputs: request.outputs?.map((name) => ({ name, parameters: { binary_data: true } })),
  };
  return message(header, request.inputs, names);
}

/**
 * A response, each output as binary data or JSON as `wantsBinary` says.
 * @throws {MalformedMessageError} for JSON outputs that JSON cannot hold: FP16, numbers that are not finite,
 *   and BYTES that are not UTF-8.
 */
export function encodeInferResponse(
  response: InferResponse,
  wantsBinary: (output: string) => boolean = () => true,
): EncodedMessage {
  const names = Object.keys(response.outputs);
  const header = {
    id: response.id,
    model_name: response.model,
    model_version: response.version,
    outputs: names.map((name) => tensorHeader(name, response.outputs[name]!, wantsBinary(name))),
  };
  return message(header, response.outputs, names.filter(wantsBinary));
}

function tensorHeader(name: string, tensor: Tensor, binary: boolean) {
  const { datatype, shape } = tensor;
  return binary
    ? { name, datatype, shape, parameters: { binary_data_size: binarySize(tensor) } }
    : { name, datatype, shape, data: jsonData(name, tensor) };
}

function binarySize(tensor: Tensor): number {
  return tensor.datatype === "BYTES" ? bytesSize(tensor) : tensor.data.byteLength;
}

function jsonData(name: string, tensor: Tensor): number[] | string[] {
  if (tensor.datatype === "BYTES") return jsonFromBytes(name, tensor);
  if (tensor.datatype === "FP16") {
    throw new MalformedMessageError(`"${name}" is FP16, which has no JSON form: ask for binary data`);
  }
  const data = Array.from<number | bigint, number>(tensor.data, Number);
  if (!data.every(Number.isFinite)) {
    throw new MalformedMessageError(`"${name}" holds numbers that JSON cannot: ask for binary data`);
  }
  return data;
}

/** The JSON object followed by the tensors named in `binary`; without any, plain JSON. */
function message(header: object, tensors: Tensors, binary: readonly string[]): EncodedMessage {
  const json = new TextEncoder().encode(JSON.stringify(header));
  if (binary.length === 0) return { body: json, headers: { "content-type": JSON_TYPE } };
  const parts = [json, ...binary.map((name) => binaryData(tensors[name]!))];
  const headers = { "content-type": BINARY_TYPE, [HEADER_LENGTH]: String(json.byteLength) };
  return { body: concatenate(parts), headers };
}

function binaryData(tensor: Tensor): Uint8Array {
  return tensor.datatype === "BYTES" ? binaryFromBytes(tensor) : bytesOf(tensor);
}
