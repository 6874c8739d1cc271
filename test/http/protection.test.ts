import { describe, expect, it, vi } from "vitest";
import { MAX_BODY_BYTES_IN_FLIGHT, MAX_JSON_BYTES, MAX_UPLOAD_BYTES } from "../../src/http/limits.ts";
import { redact } from "../../src/http/redact.ts";
import { testApp } from "./fakes.ts";
import { dataUrl, drawJpeg } from "./pictures.ts";

const picture = drawJpeg(1);

/** A body without a length, that counts how much of it was read. */
function endless(chunkBytes: number) {
  const read = { bytes: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      read.bytes += chunkBytes;
      controller.enqueue(new Uint8Array(chunkBytes));
    },
  });
  return { body, read };
}

const stream = (body: ReadableStream, contentType: string): RequestInit & { duplex: "half" } => ({
  method: "POST",
  body,
  duplex: "half",
  headers: { "content-type": contentType },
});

describe("bodies", () => {
  it.each([
    ["image/jpeg", MAX_UPLOAD_BYTES],
    ["application/json", MAX_JSON_BYTES],
  ])("of type %s are refused by their length before they are read", async (contentType, limit) => {
    const { app } = testApp();
    const { body, read } = endless(1024);
    const init = stream(body, contentType);
    const headers = { "content-type": contentType, "content-length": String(limit + 1) };
    const response = await app.request("/v1/embeddings", { ...init, headers });
    expect(response.status).toBe(413);
    expect(read.bytes).toBeLessThan(10_000);
    expect(await response.json()).toMatchObject({
      code: "body-too-large",
      error: { code: "body_too_large" },
    });
  });

  it.each([
    ["image/jpeg", MAX_UPLOAD_BYTES],
    ["application/json", MAX_JSON_BYTES],
  ])("of type %s and unknown length are refused while they are read", async (contentType, limit) => {
    const { body, read } = endless(1024 * 1024);
    const response = await testApp().app.request("/v1/embeddings", stream(body, contentType));
    expect(response.status).toBe(413);
    expect(read.bytes).toBeLessThan(limit + 4 * 1024 * 1024);
  });

  it("wait for room, and are refused when there is none for too long", async () => {
    vi.useFakeTimers();
    try {
      const { app } = testApp();
      const stuck = () => {
        const body = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
        return app.request("/v1/embeddings", stream(body, "image/jpeg"));
      };
      const requests = Array.from({ length: Math.ceil(MAX_BODY_BYTES_IN_FLIGHT / MAX_UPLOAD_BYTES) }, stuck);
      const last = requests.at(-1)!;
      await vi.advanceTimersByTimeAsync(2_000);
      const response = await last;
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("1");
      await vi.advanceTimersByTimeAsync(30_000);
      expect((await requests[0]!).status).toBe(504);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ["application/json", "{"],
    ["multipart/form-data; boundary=x", "no form"],
  ])("that are no %s are refused", async (contentType, body) => {
    const init = { method: "POST", body, headers: { "content-type": contentType } };
    const response = await testApp().app.request("/v1/embeddings", init);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "malformed-request" });
  });

  it.each(["text/plain", "application/pdf"])("of type %s are refused", async (contentType) => {
    const init = { method: "POST", body: "x", headers: { "content-type": contentType } };
    const response = await testApp().app.request("/v1/embeddings", init);
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: "unsupported-media-type" });
  });
});

describe("time", () => {
  it("ends for a request that takes too long, and for its work", async () => {
    const { postJson, inference } = testApp({ deadline: 400 });
    inference.before = () => new Promise((done) => setTimeout(done, 1500));
    const response = await postJson({ input: dataUrl(picture) });
    expect(response.status).toBe(504);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await response.json()).toMatchObject({ code: "deadline-exceeded" });
    inference.before = async () => {};
    await new Promise((done) => setTimeout(done, 2000));
    // The computation went on in the background, and its answer was kept.
    expect((await postJson({ input: dataUrl(picture) })).headers.get("x-corkboard-cache")).toBe("edge");
  });
});

describe("routes", () => {
  it("that do not exist are problems", async () => {
    const response = await testApp().app.request("/v2/anything?secret=1");
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(JSON.stringify(await response.json())).not.toContain("secret");
  });

  it.each([
    ["DELETE", "/v1/embeddings", "POST"],
    ["GET", "/v1/embeddings", "POST"],
    ["POST", "/v1/models", "GET, HEAD"],
    ["PUT", `/v1/embeddings/unified-embedding/${"0".repeat(64)}`, "GET, HEAD"],
    ["POST", "/openapi.json", "GET, HEAD"],
  ])("do not take %s %s", async (method, path, allow) => {
    // Somebody who may write: others are told to bring a key, whatever they try.
    const { app } = testApp({ access: { localDevelopment: true } });
    const response = await app.request(path, { method, headers: { host: "127.0.0.1:8787" } });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(await response.json()).toMatchObject({ code: "method-not-allowed" });
  });
});

describe("requests", () => {
  it("have an id: theirs when it is a decent one, else a new one", async () => {
    const { app } = testApp();
    const idOf = async (id: string) =>
      (await app.request("/health/live", { headers: { "x-request-id": id } })).headers.get("x-request-id");
    expect(await idOf("abc-123")).toBe("abc-123");
    expect(await idOf("a b<script>")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf("x".repeat(200))).toMatch(/^[0-9a-f-]{36}$/);
    const failed = await app.request("/nothing", { headers: { "x-request-id": "abc" } });
    expect(await failed.json()).toMatchObject({ requestId: "abc" });
  });

  it("may come from pages of the configured origins only", async () => {
    const { app } = testApp({ corsOrigins: ["https://shop.example"] });
    const from = async (origin: string) =>
      (await app.request("/v1/models", { headers: { origin } })).headers.get("access-control-allow-origin");
    expect(await from("https://shop.example")).toBe("https://shop.example");
    expect(await from("https://other.example")).toBeNull();
    const preflight = await testApp().app.request("/v1/embeddings", {
      method: "OPTIONS",
      headers: {
        origin: "https://any.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,authorization",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type,authorization");
  });

  it("get security headers, problems too", async () => {
    for (const path of ["/health/live", "/nothing"]) {
      const { headers } = await testApp().app.request(path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    }
  });

  it("are logged as one line each, without pictures and without queries", async () => {
    const { app, postJson, logs } = testApp();
    await postJson({ input: dataUrl(picture) }, { "x-request-id": "first" });
    await postJson({ input: "https://user:secret@photos.example/a.jpg?token=secret" });
    await app.request("/v1/models/none?token=secret");
    expect(logs[0]).toMatchObject({
      event: "request",
      requestId: "first",
      method: "POST",
      route: "/v1/embeddings",
      status: 200,
      pictures: 1,
      cache: { miss: 1 },
    });
    expect(logs[1]).toMatchObject({ status: 400, error: { code: "invalid-picture-url" } });
    expect(logs[2]).toMatchObject({ route: "/v1/models/:model", status: 404 });
    expect(JSON.stringify(logs)).not.toMatch(/secret|base64/);
  });

  it("that fail inside say nothing of the inside, but log it", async () => {
    const { postJson, inference, logs } = testApp();
    inference.before = () => {
      throw new TypeError("cannot read https://inside.example/?key=hidden");
    };
    const response = await postJson({ input: dataUrl(picture) });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("inside.example");
    expect(JSON.stringify(logs)).toContain("inside.example");
    expect(JSON.stringify(logs)).not.toContain("hidden");
  });
});

describe("redacting", () => {
  it.each([
    ["see https://a.example/b?c=d#e now", "see https://a.example/b?… now"],
    ["https://user:pass@a.example/b", "https://…@a.example/b"],
    ['"data:image/png;base64,AAAA"', '"data:…"'],
  ])("%s", (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });
});
