/** Stands between the API and an origin, and does to both what networks and machines do. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { NonceMemory } from "../../src/inference/nonce-memory.ts";
import { SignatureCheck } from "../../src/inference/signature.ts";

export const FAULTS = [
  "none",
  "killed",
  "hung",
  "slow",
  "garbage",
  "status-500",
  "wrong-revision",
  "clock-skew",
] as const;
export type Fault = (typeof FAULTS)[number];

const SLOW_MS = 1_000;
/** The origin's clock is ahead by so much: more than signatures may differ. */
const SKEW_MS = 5 * 60_000;
const NONCES_MS = 2 * 60_000;

/** Of all headers those that mean something to the next: a connection's own, and lengths, are made anew. */
const DROPPED = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "host"]);

export class FaultProxy {
  fault: Fault = "none";
  readonly #origin: string;
  readonly #signatures: SignatureCheck;
  #server: Server | undefined;
  #port = 0;

  constructor(origin: string, secret: string) {
    this.#origin = origin;
    this.#signatures = new SignatureCheck([secret], new NonceMemory(NONCES_MS));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, in the same place as before. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((done) => server.listen(this.#port, "127.0.0.1", done));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** As `kill -9` of the machine behind it: nobody listens, and connections break. */
  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
    this.#server = undefined;
  }

  /** From now on this goes wrong. */
  async inject(fault: Fault): Promise<void> {
    this.fault = fault;
    if (fault === "killed") this.stop();
    else if (!this.#server) await this.start();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = new Uint8Array(await buffer(request));
    const { fault } = this;
    if (fault === "hung") return;
    if (fault === "garbage") {
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(body.reverse());
      return;
    }
    if (fault === "status-500") return refuse(response, 500);
    if (fault === "clock-skew" && !(await this.#trusts(request))) return refuse(response, 401);
    const headers = headersOf(request);
    const answer = await fetch(`${this.#origin}${request.url}`, { method: request.method!, headers, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (fault === "slow") await new Promise((done) => setTimeout(done, SLOW_MS));
    const kept = [...answer.headers].filter(([name]) => !DROPPED.has(name));
    response.writeHead(answer.status, Object.fromEntries(kept));
    response.end(fault === "wrong-revision" ? ofAnotherRevision(bytes) : bytes);
  }

  /** What an origin does whose clock is ahead. */
  async #trusts(request: IncomingMessage): Promise<boolean> {
    const { method = "GET", url } = request;
    const signed = new Request(`${this.#origin}${url}`, { method, headers: headersOf(request) });
    return this.#signatures.check(signed, Date.now() + SKEW_MS).then(
      () => true,
      () => false,
    );
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !DROPPED.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error: "No." }));
}

/** The header of the answer is JSON before the tensors; a revision has as many characters as another. */
function ofAnotherRevision(bytes: Buffer): Buffer {
  const text = bytes
    .toString("latin1")
    .replace(/"model_version":"[0-9a-f]{12}"/, '"model_version":"ffffffffffff"');
  return Buffer.from(text, "latin1");
}
