/** An origin over real HTTP that answers as a test tells it, and says what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { decodeInferRequest } from "../../src/inference/decode.ts";
import { encodeInferResponse } from "../../src/inference/encode.ts";
import type { Tensor, Tensors } from "../../src/runtime/tensor.ts";

export type Behaviour = (
  response: ServerResponse,
  inputs: Tensors,
  request: IncomingMessage,
) => void | Promise<void>;

export interface FakeOrigin {
  readonly url: string;
  behave: Behaviour;
  /** Inferences asked for. */
  calls: number;
  close(): Promise<void>;
}

export const REVISION = "0123456789ab";

export async function startFakeOrigin(): Promise<FakeOrigin> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    origin.calls++;
    const header = request.headers["inference-header-content-length"] as string | undefined;
    const { inputs } = decodeInferRequest(new Uint8Array(body), header ?? null);
    await origin.behave(response, inputs, request);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const origin: FakeOrigin = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: () => undefined,
    calls: 0,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return origin;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function textsOf(tensor: Tensor | undefined): string[] {
  return tensor?.datatype === "BYTES" ? tensor.data.map((one) => decoder.decode(one)) : [];
}

export interface Answer {
  readonly ids: readonly string[];
  readonly probabilities?: Float32Array;
  readonly similarities?: Float32Array;
  readonly revision?: string;
}

/** Answers as the cascade does. */
export function answer(response: ServerResponse, { ids, ...rest }: Answer): void {
  const { probabilities = new Float32Array(ids.length * 5).fill(0.1), revision = REVISION } = rest;
  const { similarities = new Float32Array(ids.length).fill(0.5) } = rest;
  const outputs: Tensors = {
    ids: { datatype: "BYTES", shape: [ids.length], data: ids.map((id) => encoder.encode(id)) },
    probabilities: { datatype: "FP32", shape: [probabilities.length / 5, 5], data: probabilities },
    similarities: { datatype: "FP32", shape: [similarities.length], data: similarities },
    table: { datatype: "BYTES", shape: [1], data: [encoder.encode("table-1")] },
    reused: { datatype: "INT32", shape: [1], data: Int32Array.of(0) },
  };
  const message = encodeInferResponse({ model: "unipinrec", version: revision, outputs });
  response.writeHead(200, message.headers).end(message.body);
}

/** Refuses, as hosts of the protocol do. */
export function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: "No." }));
}
