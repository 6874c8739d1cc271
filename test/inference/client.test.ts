import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { InferenceClient, type InferenceClientOptions } from "../../src/inference/client.ts";
import { decodeInferRequest } from "../../src/inference/decode.ts";
import { encodeInferResponse } from "../../src/inference/encode.ts";
import {
  DeadlineExceededError,
  HostRefusedError,
  HostUnavailableError,
  InvalidResponseError,
  ModelNotFoundError,
  RevisionMismatchError,
} from "../../src/inference/errors.ts";
import { HEADER_LENGTH, TIMEOUT_HEADER } from "../../src/inference/protocol.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";

const x: Tensors = { x: { datatype: "FP32", shape: [2], data: Float32Array.of(1, 2) } };
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A client of a real server on localhost that answers as told. */
async function clientOf(listener: RequestListener, options: InferenceClientOptions = {}) {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const { port } = started.address() as AddressInfo;
  return new InferenceClient({ baseUrl: `http://127.0.0.1:${port}/`, ...options });
}

function answering(
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): RequestListener {
  return (_, response) => response.writeHead(status, headers).end(body);
}

/** Answers with the inputs, as a host whose model changes nothing. */
const echo: RequestListener = async (request, response) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { inputs } = decodeInferRequest(Buffer.concat(chunks), request.headers[HEADER_LENGTH] as string);
  const version = /\/versions\/(\w+)/.exec(request.url!)?.[1];
  const message = encodeInferResponse({ model: "echo", outputs: inputs, ...(version && { version }) });
  response.writeHead(200, message.headers).end(message.body);
};

describe("the inference client", () => {
  it("sends tensors and gets tensors", async () => {
    const client = await clientOf(echo);
    expect(await client.infer("echo", x)).toEqual(x);
  });

  it("sends its headers, and tells the host how long it waits", async () => {
    const seen: unknown[] = [];
    const client = await clientOf(
      (request, response) => {
        seen.push(request.url, request.headers.authorization, request.headers[TIMEOUT_HEADER]);
        echo(request, response);
      },
      { headers: { authorization: "Bearer token" } },
    );
    await client.infer("a/b", x, { timeoutMs: 1234 });
    expect(seen).toEqual(["/v2/models/a%2Fb/infer", "Bearer token", "1234"]);
  });

  it("asks for the revision that a reference names, and for no other", async () => {
    const seen: unknown[] = [];
    const client = await clientOf((request, response) => {
      seen.push(request.url);
      echo(request, response);
    });
    await client.infer("encoder@0123456789ab", x);
    expect(seen).toEqual(["/v2/models/encoder/versions/0123456789ab/infer"]);
  });

  it.each(["ba9876543210", undefined])(
    "refuses the answer of another revision than asked for (%s)",
    async (version) => {
      const message = encodeInferResponse({ model: "encoder", outputs: x, ...(version && { version }) });
      const client = await clientOf(answering(200, message.body, message.headers));
      const error = await client.infer("encoder@0123456789ab", x).catch((reason) => reason);
      expect(error).toBeInstanceOf(RevisionMismatchError);
      expect([error.status, error.wanted, error.got]).toEqual([502, "0123456789ab", version]);
      expect(await client.infer("encoder", x)).toEqual(x);
    },
  );

  it("signs each request anew, also the one that it sends again", async () => {
    const seen: (string | undefined)[] = [];
    const client = await clientOf(
      (request, response) => {
        seen.push(request.headers.authorization);
        if (seen.length === 1) request.socket.destroy();
        else echo(request, response);
      },
      { secret: "correct horse battery staple" },
    );
    await client.infer("encoder", x);
    expect(seen).toEqual(
      Array(2).fill(expect.stringMatching(/^Corkboard-HMAC-SHA256 timestamp=\d+, nonce=/)),
    );
    expect(seen[0]).not.toBe(seen[1]);
  });

  it("gives up when the time is over", async () => {
    const client = await clientOf(() => {}, { timeoutMs: 30 });
    await expect(client.infer("m", x)).rejects.toThrow(DeadlineExceededError);
  });

  it("gives up when the time is over in the middle of the answer", async () => {
    const client = await clientOf((_, response) => void response.writeHead(200).write("{"), {
      timeoutMs: 30,
    });
    await expect(client.infer("m", x)).rejects.toThrow(DeadlineExceededError);
  });

  it("stops when its caller does, with the caller's reason", async () => {
    const client = await clientOf(() => {});
    const controller = new AbortController();
    const running = client.infer("m", x, { signal: controller.signal });
    controller.abort(new RangeError("enough"));
    await expect(running).rejects.toThrow(RangeError);
  });

  it("says that a host is unavailable which cannot be reached", async () => {
    const client = new InferenceClient({ baseUrl: "http://127.0.0.1:1" });
    const error = await client.infer("m", x).catch((reason) => reason);
    expect(error).toBeInstanceOf(HostUnavailableError);
    expect(error.status).toBe(503);
    expect(await client.ready()).toBe(false);
  });

  it("says that a host is unavailable which hangs up", async () => {
    const client = await clientOf((request) => request.socket.destroy());
    await expect(client.infer("m", x)).rejects.toThrow(HostUnavailableError);
  });

  it("sends a request once more when the connection breaks", async () => {
    let requests = 0;
    const client = await clientOf((request, response) => {
      if (++requests === 1) request.socket.destroy();
      else echo(request, response);
    });
    expect(await client.infer("m", x)).toEqual(x);
    expect(requests).toBe(2);
  });

  it("keeps the host's Retry-After", async () => {
    const client = await clientOf(answering(503, '{"error":"busy"}', { "retry-after": "9" }));
    const error = await client.infer("m", x).catch((reason) => reason);
    expect(error).toBeInstanceOf(HostUnavailableError);
    expect([error.message, error.retryAfter]).toEqual(["busy", 9]);
  });

  it.each([
    [404, ModelNotFoundError, 404],
    [400, HostRefusedError, 400],
    [413, HostRefusedError, 413],
    [500, HostRefusedError, 502],
    [429, HostUnavailableError, 503],
    [504, DeadlineExceededError, 504],
  ])("turns status %i into %o of status %i", async (status, type, own) => {
    const client = await clientOf(answering(status, '{"error":"why"}'));
    const error = await client.infer("m", x).catch((reason) => reason);
    expect(error).toBeInstanceOf(type);
    expect(error.status).toBe(own);
  });

  it.each([
    ["HTML", "<html>"],
    ["nothing", ""],
    ["JSON of another kind", '{"embedding":[1]}'],
    [
      "a tensor cut short",
      '{"model_name":"m","outputs":[{"name":"y","datatype":"FP32","shape":[2],"data":[1]}]}',
    ],
  ])("refuses an answer of %s", async (_, body) => {
    const client = await clientOf(answering(200, body));
    await expect(client.infer("m", x)).rejects.toThrow(InvalidResponseError);
  });

  it("refuses an answer without an output that it asked for", async () => {
    const client = await clientOf(echo);
    await expect(client.infer("m", x, { outputs: ["y"] })).rejects.toThrow('lacks output "y"');
  });

  it("stops reading an answer without end", async () => {
    const client = await clientOf((_, response) => {
      const megabyte = new Uint8Array(1024 * 1024);
      const pump = () => {
        while (!response.destroyed && response.write(megabyte));
        response.once("drain", pump);
      };
      pump();
    });
    await expect(client.infer("m", x)).rejects.toThrow(InvalidResponseError);
  });

  it("reads the metadata of any host", async () => {
    const metadata = { name: "m", platform: "onnxruntime_onnx", inputs: [], outputs: [], versions: ["1"] };
    const client = await clientOf(answering(200, JSON.stringify(metadata)));
    expect(await client.metadata("m")).toEqual(metadata);
    expect(await client.ready()).toBe(true);
  });
});
