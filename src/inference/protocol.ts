/**
 * The Open Inference Protocol v2 with its binary tensor data extension, as KServe and Triton speak it: names,
 * limits and the JSON shapes. `encode.ts` and `decode.ts` turn messages into bytes and back.
 */
import * as z from "zod";
import type { Tensors } from "../runtime/tensor.ts";

/** "The HTTP request/response Inference-Header-Content-Length header gives the length of the JSON object." */
export const HEADER_LENGTH = "inference-header-content-length";

/** Milliseconds that the caller still waits, counted from the arrival of the request. No clocks are compared. */
export const TIMEOUT_HEADER = "x-corkboard-timeout-ms";

export const JSON_TYPE = "application/json";
export const BINARY_TYPE = "application/octet-stream";

/** Longest body: 64 pictures of 224×224 as UINT8 take 9.6 MB; an isolate has 128 MB for everything. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Most tensors in a message; models here have a handful. */
export const MAX_TENSORS = 64;
/** Most elements in a tensor: as many as bytes in the longest body. */
export const MAX_ELEMENTS = MAX_BODY_BYTES;
/** Longest element of a BYTES tensor: a text or an id. Whatever is larger is a tensor of numbers. */
export const MAX_BYTES_LENGTH = 64 * 1024;
/** Most elements of all BYTES tensors of a message: each is an object of some 200 bytes, however short it is. */
export const MAX_BYTES_ELEMENTS = 65_536;
/** Most dimensions of a tensor. */
export const MAX_RANK = 8;
/** Longest name of a tensor or model, and longest request id. */
export const MAX_NAME_LENGTH = 256;
/** Longest time that a caller may ask for. */
export const MAX_TIMEOUT_MS = 300_000;

/** Bytes and headers of a message. */
export interface EncodedMessage {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface InferRequest {
  /** Echoed in the response. */
  readonly id?: string;
  readonly inputs: Tensors;
  /** Names of the outputs wanted; absent: all. */
  readonly outputs?: readonly string[];
  /** Milliseconds after which the caller is gone (Triton's schedule-policy parameter `timeout`). */
  readonly timeoutMs?: number;
}

/** A request as a host reads it, with the form in which each output is wanted. */
export interface DecodedInferRequest extends InferRequest {
  /** Whether the output of this name goes out as binary data. */
  wantsBinary(output: string): boolean;
}

export interface InferResponse {
  /** Absent in answers such as the specification's own examples. */
  readonly model?: string;
  readonly version?: string;
  readonly id?: string;
  readonly outputs: Tensors;
}

export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}

const Name = z.string().min(1).max(MAX_NAME_LENGTH);
const Parameters = z.record(z.string(), z.unknown());

const TensorHeader = z.object({
  name: Name,
  shape: z.array(z.int().min(0)).max(MAX_RANK),
  datatype: z.string().max(MAX_NAME_LENGTH),
  parameters: Parameters.optional(),
  data: z.array(z.unknown()).optional(),
});
export type TensorHeader = z.infer<typeof TensorHeader>;

const TensorHeaders = z.array(TensorHeader).max(MAX_TENSORS);

/** The JSON object of an inference request. Unknown members are ignored, as the protocol's extensions need. */
export const InferRequestHeader = z.object({
  id: z.string().max(MAX_NAME_LENGTH).optional(),
  parameters: Parameters.optional(),
  inputs: TensorHeaders.min(1),
  outputs: z
    .array(z.object({ name: Name, parameters: Parameters.optional() }))
    .max(MAX_TENSORS)
    .optional(),
});
export type InferRequestHeader = z.infer<typeof InferRequestHeader>;

/** The JSON object of an inference response. */
export const InferResponseHeader = z.object({
  model_name: z.string().optional(),
  model_version: z.string().optional(),
  id: z.string().optional(),
  outputs: TensorHeaders,
});

const TensorMetadata = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });

/** What `GET /v2/models/{model}` answers; `parameters` is Corkboard's addition. */
export const ModelMetadata = z.object({
  name: z.string(),
  versions: z.array(z.string()).optional(),
  platform: z.string(),
  inputs: z.array(TensorMetadata),
  outputs: z.array(TensorMetadata),
  parameters: Parameters.optional(),
});
export type ModelMetadata = z.infer<typeof ModelMetadata>;

/** Every error of the protocol: `{"error": "what went wrong"}`. */
export const ErrorBody = z.object({ error: z.string() });
