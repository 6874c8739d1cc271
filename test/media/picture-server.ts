/** A web server on 127.0.0.1 that misbehaves as asked, and a way to reach it under a public name. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "../../src/media/connect.node.ts";
import type { Connect } from "../../src/media/connection.ts";

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** Sends the client elsewhere. */
export function redirect(location: string, status = 302): Handler {
  return (_, response) => response.writeHead(status, { location }).end("moved");
}

export class PictureServer {
  readonly #server: http.Server;
  /** Paths in the order in which they were asked for. */
  readonly requests: string[] = [];

  private constructor(server: http.Server) {
    this.#server = server;
  }

  /** @param handlers one for every path, or one for all */
  static async start(handlers: Readonly<Record<string, Handler>> | Handler): Promise<PictureServer> {
    const server = http.createServer((request, response) => {
      started.requests.push(request.url ?? "");
      const handler = typeof handlers === "function" ? handlers : handlers[request.url ?? ""];
      if (handler) handler(request, response);
      else response.writeHead(404).end("Not found");
    });
    const started = new PictureServer(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return started;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get openConnections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  /** Sends every request for a public host here, so that all checks before it stay on. */
  readonly connect: Connect = (url, request) => {
    const local = new URL(url.pathname, `http://127.0.0.1:${this.port}`);
    return connect(local, { ...request, checkAddress: () => {} });
  };

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
