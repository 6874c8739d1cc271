/** Bytes to messages of the Open Inference Protocol, believing nothing that the bytes say. */
import * as z from "zod";
import {
  BYTES_PER_ELEMENT,
  type DataType,
  elementCount,
  type Tensor,
  type Tensors,
} from "../runtime/tensor.ts";
import { bytesFromBinary, bytesFromJson } from "./bytes-data.ts";
import { MalformedMessageError } from "./errors.ts";
import {
  type DecodedInferRequest,
  InferRequestHeader,
  type InferResponse,
  InferResponseHeader,
  MAX_BYTES_ELEMENTS,
  MAX_ELEMENTS,
  MAX_TIMEOUT_MS,
  type TensorHeader,
} from "./protocol.ts";
import { tensorFromBytes, tensorFromJson } from "./tensor-data.ts";

/**
 * Reads a request. Tensors may view `body`, so that it must not change while they are in use.
 * @param headerLength Value of the `Inference-Header-Content-Length` header; absent: the body is all JSON.
 * @throws {MalformedMessageError} for whatever does not hold together.
 */
export function decodeInferRequest(body: Uint8Array, headerLength: string | null): DecodedInferRequest {
  const { json, binary } = split(body, headerLength);
  const header = parseHeader(InferRequestHeader, json);
  const inputs = readTensors(header.inputs, binary);
  const outputs = header.outputs?.map((output) => output.name);
  if (outputs && new Set(outputs).size < outputs.length) {
    throw new MalformedMessageError("An output is asked for twice.");
  }
  const timeoutMs = readTimeout(header.parameters?.timeout);
  return {
    inputs,
    ...(header.id !== undefined && { id: header.id }),
    ...(outputs && outputs.length > 0 && { outputs }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    wantsBinary: binaryWishes(header),
  };
}

/**
 * Reads a response, as {@link decodeInferRequest} reads a request.
 * @throws {MalformedMessageError} for whatever does not hold together.
 */
export function decodeInferResponse(body: Uint8Array, headerLength: string | null): InferResponse {
  const { json, binary } = split(body, headerLength);
  const header = parseHeader(InferResponseHeader, json);
  return {
    ...(header.model_name !== undefined && { model: header.model_name }),
    outputs: readTensors(header.outputs, binary),
    ...(header.model_version !== undefined && { version: header.model_version }),
    ...(header.id !== undefined && { id: header.id }),
  };
}

function split(body: Uint8Array, headerLength: string | null): { json: Uint8Array; binary: Uint8Array } {
  if (headerLength === null) return { json: body, binary: body.subarray(body.byteLength) };
  const length = /^\d{1,9}$/.test(headerLength) ? Number(headerLength) : Number.NaN;
  if (!(length <= body.byteLength)) {
    const detail = `Inference-Header-Content-Length is no length within the body of ${body.byteLength} bytes.`;
    throw new MalformedMessageError(detail);
  }
  return { json: body.subarray(0, length), binary: body.subarray(length) };
}

function parseHeader<Schema extends z.ZodType>(schema: Schema, json: Uint8Array): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (error) {
    throw new MalformedMessageError("The message does not start with a JSON object in UTF-8.", error);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new MalformedMessageError(z.prettifyError(parsed.error));
  return parsed.data;
}

function readTensors(headers: readonly TensorHeader[], binary: Uint8Array): Tensors {
  assertFewStrings(headers);
  const tensors: Tensors = Object.fromEntries(
    headers.map((header) => {
      const size = header.parameters?.binary_data_size;
      const kind = dataTypeOf(header);
      const count = countOf(header);
      if (size === undefined) return [header.name, fromJson(header, kind, count)];
      if (header.data) throw new MalformedMessageError(`"${header.name}" has both JSON and binary data.`);
      const bytes = sizeOf(header, kind, count, size);
      if (bytes > binary.byteLength) {
        throw new MalformedMessageError(`The body ends within the data of "${header.name}".`);
      }
      const tensor = fromBinary(header, kind, count, binary.subarray(0, bytes));
      binary = binary.subarray(bytes);
      return [header.name, tensor];
    }),
  );
  if (binary.byteLength > 0)
    throw new MalformedMessageError(`${binary.byteLength} bytes belong to no tensor.`);
  if (Object.keys(tensors).length < headers.length)
    throw new MalformedMessageError("Two tensors share a name.");
  return tensors;
}

function fromJson(header: TensorHeader, datatype: DataType, count: number): Tensor {
  return datatype === "BYTES" ? bytesFromJson(header, count) : tensorFromJson(header, datatype, count);
}

function fromBinary(header: TensorHeader, datatype: DataType, count: number, bytes: Uint8Array): Tensor {
  return datatype === "BYTES"
    ? bytesFromBinary(header, count, bytes)
    : tensorFromBytes(datatype, header.shape, bytes);
}

/** How many bytes follow for a tensor. BYTES alone say it themselves: their elements have lengths of their own. */
function sizeOf({ name, shape }: TensorHeader, datatype: DataType, count: number, size: unknown): number {
  if (datatype === "BYTES") {
    if (typeof size === "number" && Number.isSafeInteger(size) && size >= 0) return size;
    throw new MalformedMessageError(`binary_data_size of "${name}" is no number of bytes.`);
  }
  const bytes = count * BYTES_PER_ELEMENT[datatype];
  if (size === bytes) return bytes;
  const detail = `"${name}" is ${datatype} [${shape.join(",")}], which takes ${bytes} bytes`;
  throw new MalformedMessageError(`${detail}: binary_data_size says ${String(size)}.`);
}

/** Before any is read: a few bytes of a message become a whole object. */
function assertFewStrings(headers: readonly TensorHeader[]): void {
  let count = 0;
  for (const { datatype, shape } of headers) if (datatype === "BYTES") count += elementCount(shape);
  if (count <= MAX_BYTES_ELEMENTS) return;
  throw new MalformedMessageError(
    `The BYTES tensors have ${count} elements; ${MAX_BYTES_ELEMENTS} are the most allowed.`,
  );
}

function dataTypeOf({ name, datatype }: TensorHeader): DataType {
  if (datatype === "BYTES" || Object.hasOwn(BYTES_PER_ELEMENT, datatype)) return datatype as DataType;
  const known = [...Object.keys(BYTES_PER_ELEMENT), "BYTES"].join(", ");
  throw new MalformedMessageError(`"${name}" has data type ${datatype}; supported are ${known}.`);
}

function countOf({ name, shape }: TensorHeader): number {
  const count = elementCount(shape);
  if (count <= MAX_ELEMENTS) return count;
  throw new MalformedMessageError(`"${name}" has ${count} elements; ${MAX_ELEMENTS} are the most allowed.`);
}

/** Microseconds, after Triton's schedule policy; 0 means none. */
function readTimeout(timeout: unknown): number | undefined {
  if (timeout === undefined || timeout === 0) return undefined;
  if (typeof timeout !== "number" || !Number.isSafeInteger(timeout) || timeout < 0) {
    throw new MalformedMessageError("Parameter `timeout` is no whole number of microseconds.");
  }
  return Math.min(timeout / 1000, MAX_TIMEOUT_MS);
}

/** `binary_data` of an output wins over `binary_data_output` of the request; JSON is the protocol's default. */
function binaryWishes(header: InferRequestHeader): (output: string) => boolean {
  const byDefault = header.parameters?.binary_data_output === true;
  const wishes = new Map(header.outputs?.map((output) => [output.name, output.parameters?.binary_data]));
  return (output) => {
    const wish = wishes.get(output);
    return typeof wish === "boolean" ? wish : byDefault;
  };
}
