/** A model host on localhost whose model changes nothing, and which misbehaves as a test says. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeInferRequest } from "../../src/inference/decode.ts";
import { encodeInferResponse } from "../../src/inference/encode.ts";
import { HEADER_LENGTH, TIMEOUT_HEADER } from "../../src/inference/protocol.ts";

export const REVISION = "0123456789ab";

export type Behaviour =
  | "answers"
  | "answers half of it"
  | "hangs"
  | "hangs up"
  | "is busy"
  | "is full"
  | "fails"
  | "lets nobody in"
  | "is a proxy without its host"
  | "lacks the model"
  | "has another revision"
  | "answers nonsense"
  | "answers without end"
  | "finds the request wrong"
  | "finds the request too long";

const STATUSES: Partial<Record<Behaviour, number>> = {
  "is busy": 429,
  "is full": 503,
  fails: 500,
  "lets nobody in": 401,
  "is a proxy without its host": 502,
  "lacks the model": 404,
  "finds the request wrong": 400,
  "finds the request too long": 413,
};

export interface ScriptedHost {
  readonly url: string;
  behaviour: Behaviour;
  /** Inferences that have come, answered or not. */
  readonly requests: number;
  /** Milliseconds that the caller of the last one said it waits. */
  readonly patience: number;
  stop(): void;
}

export async function startScripted(behaviour: Behaviour = "answers"): Promise<ScriptedHost> {
  const host = { behaviour, requests: 0, patience: 0, url: "", stop: () => stop(server) };
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      host.requests++;
      host.patience = Number(request.headers[TIMEOUT_HEADER]);
    }
    await act(host.behaviour, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return host;
}

function stop(server: Server): void {
  server.closeAllConnections();
  server.close();
}

async function act(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const status = STATUSES[behaviour];
  if (status !== undefined) {
    request.resume();
    response.writeHead(status, { "content-type": "application/json" }).end('{"error":"so says the script"}');
    return;
  }
  switch (behaviour) {
    case "hangs":
      request.resume();
      return;
    case "hangs up":
      request.socket.destroy();
      return;
    case "answers nonsense":
      request.resume();
      response.end("<html>Welcome!</html>");
      return;
    case "answers without end":
      request.resume();
      pour(response);
      return;
    default:
      await echo(behaviour, request, response);
  }
}

async function echo(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (request.method === "GET") {
    response.end(JSON.stringify({ name: "echo", platform: "script", inputs: [], outputs: [] }));
    return;
  }
  const { inputs } = decodeInferRequest(Buffer.concat(chunks), request.headers[HEADER_LENGTH] as string);
  const version = behaviour === "has another revision" ? "ba9876543210" : REVISION;
  const { headers, body } = encodeInferResponse({ model: "echo", version, outputs: inputs });
  if (behaviour === "answers half of it") {
    response.writeHead(200, { ...headers, "content-length": body.length });
    response.write(body.subarray(0, body.length / 2), () => request.socket.destroy());
    return;
  }
  response.writeHead(200, headers).end(body);
}

function pour(response: ServerResponse): void {
  const megabyte = new Uint8Array(1024 * 1024);
  const pump = () => {
    while (!response.destroyed && response.write(megabyte));
    response.once("drain", pump);
  };
  pump();
}
