/** What an origin bears: a test for each limit of `functions/origin/limits.ts`. */
import { type IncomingMessage, request as send } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { KEEP_ALIVE_MS, MAX_HEADER_BYTES } from "../../functions/origin/limits.ts";
import { HELD_PATH, inferRequest, startHeld, type TestOrigin, x, y } from "./start.ts";

let origin: TestOrigin;
afterEach(() => origin.stop());

/** What the origin answers to bytes, until it hangs up. */
function rawly(text: string): Promise<string> {
  const { port, hostname } = new URL(origin.url);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

/** Sends the headers of a request and holds its body back. */
async function withoutBody(headers: Record<string, string>) {
  const request = send(`${origin.url}${HELD_PATH}`, { method: "POST", headers });
  request.on("error", () => undefined);
  const answer = new Promise<number | undefined>((resolve) => {
    request.on("response", (response) => resolve(response.statusCode));
  });
  request.flushHeaders();
  return { answer, hangUp: () => request.destroy() };
}

describe("an origin", () => {
  it("refuses a body that says it is too long before it has come", async () => {
    origin = await startHeld({ maxBodyBytes: 1000 });
    const { answer, hangUp } = await withoutBody({ "content-length": "1001" });
    expect(await answer).toBe(413);
    hangUp();
    expect(y(await origin.client.infer("held", x(1)))).toEqual([2]);
  });

  it("refuses a body that turns out too long while it comes", async () => {
    origin = await startHeld({ maxBodyBytes: 1000 });
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < 3; i++) controller.enqueue(new Uint8Array(500));
        controller.close();
      },
    });
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    expect((await origin.get(HELD_PATH, init)).status).toBe(413);
  });

  it("holds no more bodies at once than it has memory set aside for, and gives the memory back", async () => {
    origin = await startHeld({ maxBodyBytes: 1000, maxBufferedBytes: 1500 });
    const first = await withoutBody({ "content-length": "1000" });
    const taken = async () =>
      /^corkboard_origin_body_bytes (\d+)$/m.exec(await (await origin.get("/metrics")).text())?.[1];
    await expect.poll(taken).toBe("1000");
    const second = await withoutBody({ "content-length": "600" });
    expect(await second.answer).toBe(503);
    // A body of unknown length counts as the longest.
    const third = await withoutBody({ "transfer-encoding": "chunked" });
    expect(await third.answer).toBe(503);
    for (const { hangUp } of [first, second, third]) hangUp();
    await expect.poll(taken).toBe("0");
    const response = await origin.get(HELD_PATH, inferRequest());
    expect(response.status).toBe(200);
  });

  it("hangs up on headers that do not come to an end", async () => {
    origin = await startHeld({ headersTimeoutMs: 200 });
    expect(await rawly("GET /v2 HTTP/1.1\r\nhost: localhost\r\n")).toContain("408");
  });

  it("hangs up on a body that does not come to an end", async () => {
    origin = await startHeld({ requestTimeoutMs: 300, headersTimeoutMs: 200 });
    const head = `POST ${HELD_PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n`;
    expect(await rawly(`${head}1234`)).toContain("408");
    expect((await origin.get("/v2/health/live")).status).toBe(200);
  });

  it("reads no longer headers than its limit", async () => {
    origin = await startHeld();
    const headers = (bytes: number) =>
      `GET /v2 HTTP/1.1\r\nhost: localhost\r\nx: ${"x".repeat(bytes)}\r\nconnection: close\r\n\r\n`;
    expect(await rawly(headers(MAX_HEADER_BYTES))).toContain("431");
    expect(await rawly(headers(MAX_HEADER_BYTES - 1000))).toContain("200");
  });

  it("keeps no more connections than its limit", async () => {
    origin = await startHeld({ maxConnections: 1 });
    const { port, hostname } = new URL(origin.url);
    const first = connect(Number(port), hostname);
    await new Promise((resolve) => first.on("connect", resolve));
    expect(
      await rawly("GET /v2 HTTP/1.1\r\nhost: localhost\r\n\r\n").catch((error) => error.code),
    ).not.toContain("200");
    first.destroy();
    await expect
      .poll(() =>
        origin.get("/v2").then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  it("hangs up on who does not read the answer", async () => {
    const rows = 2_000_000;
    origin = await startHeld({ stallTimeoutMs: 300, maxBatch: rows });
    await origin.client.infer("held", x(1));
    // Longer than what the sockets' buffers hold.
    const { method, body, headers } = inferRequest({
      x: { datatype: "FP32", shape: [rows, 1], data: new Float32Array(rows) },
    });
    const request = send(`${origin.url}${HELD_PATH}`, { method, headers });
    request.end(body);
    const response = await new Promise<IncomingMessage>((resolve) => request.on("response", resolve));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const broken = new Promise((resolve) => response.on("error", resolve).on("end", () => resolve("whole")));
    response.resume();
    expect(await broken).toMatchObject({ code: "ECONNRESET" });
    expect(y(await origin.client.infer("held", x(4)))).toEqual([8]);
  });

  it("keeps idle connections as long as it says", async () => {
    origin = await startHeld();
    const { headers } = await origin.get("/v2");
    expect(headers.get("keep-alive")).toBe(`timeout=${KEEP_ALIVE_MS / 1000}`);
  });

  it("stops without those whose requests do not end in time", async () => {
    const held = await startHeld({ stopPatienceMs: 200 });
    origin = await startHeld();
    held.held.hold();
    const lost = held.client.infer("held", x(1)).catch((error) => error);
    await expect.poll(() => held.held.rows().length).toBe(1);
    await held.abandon();
    expect(await lost).toMatchObject({ status: 503 });
  });

  it("answers nonsense with an error of the protocol, and goes on", async () => {
    origin = await startHeld();
    for (const [path, init, status] of [
      ["/nothing", {}, 404],
      ["/v2/models/other", {}, 404],
      [HELD_PATH, {}, 404],
      [HELD_PATH, { method: "POST", body: "{" }, 400],
      [
        HELD_PATH,
        { method: "POST", body: new Uint8Array(100), headers: { "inference-header-content-length": "200" } },
        400,
      ],
      [HELD_PATH, inferRequest(x(1), { "x-corkboard-timeout-ms": "soon" }), 400],
    ] as [string, RequestInit, number][]) {
      const response = await origin.get(path, init);
      expect([response.status, await response.json()]).toEqual([status, { error: expect.any(String) }]);
    }
    expect(y(await origin.client.infer("held", x(4)))).toEqual([8]);
  });
});
