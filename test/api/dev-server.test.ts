/** The API end to end: real workerd, real model, real cache and bucket. */
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EmbeddingList, StoredEmbedding } from "../../src/http/schemas/embeddings.ts";
import { dataUrl, drawJpeg } from "../http/pictures.ts";
import { type DevServer, eventually, startDevServer } from "./dev-server.ts";
import { nodeApp } from "./node-app.ts";

const MODEL = "unified-embedding";
let server: DevServer;

beforeAll(async () => {
  server = await startDevServer();
}, 120_000);

afterAll(() => server?.stop());

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function upload(...pictures: Uint8Array<ArrayBuffer>[]): FormData {
  const form = new FormData();
  for (const picture of pictures)
    form.append("image", new Blob([picture], { type: "image/jpeg" }), "photo.jpg");
  return form;
}

const post = (body: FormData) => server.fetch("/v1/embeddings", { method: "POST", body });

function postJson(body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return server.fetch("/v1/embeddings", { method: "POST", headers, body: JSON.stringify(body) });
}

describe("an upload and its address", () => {
  const picture = drawJpeg(20, 640, 480);
  const address = `/v1/embeddings/${MODEL}/${sha256(picture)}`;

  it("answers a multipart form, then the same vector by its SHA-256, from the edge the second time", async () => {
    const posted = await post(upload(picture));
    expect(posted.status).toBe(200);
    expect(posted.headers.get("x-corkboard-cache")).toBe("miss");
    expect(posted.headers.get("server-timing")).toMatch(/decode;dur=.*infer;dur=/);
    const { data } = (await posted.json()) as EmbeddingList;
    expect(data[0]!.sha256).toBe(sha256(picture));

    // Another origin has no copies in the edge cache of this one.
    const elsewhere = server.origin.replace("127.0.0.1", "localhost");
    const first = await fetch(`${elsewhere}${address}`);
    expect(first.headers.get("x-corkboard-cache")).toBe("store");
    const second = await server.fetch(address);
    expect(second.headers.get("x-corkboard-cache")).toBe("edge");
    const stored = (await second.json()) as StoredEmbedding;
    expect(stored.embedding).toEqual(data[0]!.embedding);
  });

  it("gives the vector that the model gives in Node", async () => {
    const { app, dispose } = await nodeApp();
    const response = await app.request("/v1/embeddings", { method: "POST", body: upload(picture) });
    const inNode = ((await response.json()) as EmbeddingList).data[0]!.embedding as number[];
    const { embedding } = (await (await server.fetch(address)).json()) as StoredEmbedding;
    const cosine = embedding.reduce((sum, value, index) => sum + value * inNode[index]!, 0);
    expect(cosine).toBeGreaterThan(0.999);
    await dispose();
  });

  it("answers the same upload again without the model", async () => {
    const again = await post(upload(picture));
    expect(again.headers.get("x-corkboard-cache")).toBe("edge");
    expect(again.headers.get("server-timing")).not.toContain("infer");
  });

  it("answers 304 to a client that has it, and HEAD without a body", async () => {
    const head = await server.fetch(address, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    const etag = head.headers.get("etag")!;
    expect(etag).toMatch(/^"[0-9a-f]+"$/);
    const conditional = await server.fetch(address, { headers: { "if-none-match": etag } });
    expect(conditional.status).toBe(304);
    expect(conditional.headers.get("etag")).toBe(etag);
  });

  it("pins the lasting address, which may be kept forever", async () => {
    const bare = await server.fetch(address);
    expect(bare.headers.get("cache-control")).toBe("public, max-age=300");
    const pinned = await server.fetch(bare.headers.get("content-location")!);
    expect(pinned.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(await pinned.json()).toEqual(await bare.json());
  });
});

describe("limits", () => {
  it("takes 64 inputs and refuses 65", async () => {
    const drawn = Array.from({ length: 6 }, (_, index) => dataUrl(drawJpeg(100 + index, 32, 32)));
    const input = Array.from({ length: 64 }, (_, index) => drawn[index % drawn.length]!);
    const full = await postJson({ model: MODEL, input, encoding_format: "binary" });
    expect(full.status).toBe(200);
    const { data } = (await full.json()) as EmbeddingList;
    expect(data).toHaveLength(64);
    expect(data[63]!.embedding).toBe(data[3]!.embedding);
    expect(Buffer.from(String(data[0]!.embedding), "base64")).toHaveLength(32);
    const over = await postJson({ model: MODEL, input: [...input, input[0]] });
    expect(over.status).toBe(400);
    expect(await over.json()).toMatchObject({ code: "invalid-input", detail: expect.stringContaining("65") });
  });

  it("names each bad picture of a batch", async () => {
    const input = [
      dataUrl(drawJpeg(1)),
      dataUrl(new Uint8Array([1, 2, 3])),
      dataUrl(drawJpeg(2).slice(0, 300)),
    ];
    const response = await postJson({ model: MODEL, input });
    expect(response.status).toBe(422);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      code: "inputs-refused",
      errors: [
        { index: 1, code: "unsupported-picture" },
        { index: 2, code: "invalid-picture" },
      ],
    });
  });

  it("refuses a body that is too long, and answers the next request", async () => {
    const large = await post(upload(new Uint8Array(25 * 1024 * 1024)));
    expect(large.status).toBe(413);
    expect((await post(upload(drawJpeg(1)))).status).toBe(200);
  });

  it("does not fetch from private addresses", async () => {
    const response = await postJson({ model: MODEL, input: "http://127.0.0.1/photo.jpg" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "address-refused" });
  });
});

it("computes concurrent requests for one picture once", async () => {
  const inferences = async () => {
    const text = await (await server.fetch("/metrics")).text();
    return Number(/corkboard_pictures_embedded_total\{[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
  };
  const picture = drawJpeg(30, 300, 300);
  const before = await inferences();
  const responses = await Promise.all(Array.from({ length: 8 }, () => post(upload(picture))));
  const vectors = await Promise.all(
    responses.map(async (one) => ((await one.json()) as EmbeddingList).data[0]!.embedding),
  );
  for (const vector of vectors) expect(vector).toEqual(vectors[0]);
  expect((await inferences()) - before).toBe(1);
});

it("is not impressed by clients that hang up in the middle of an upload", async () => {
  const { hostname, port } = new URL(server.origin);
  const hangUp = () =>
    new Promise<void>((done) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          "POST /v1/embeddings HTTP/1.1\r\nHost: cork\r\nContent-Type: image/jpeg\r\nContent-Length: 20000000\r\n\r\n",
        );
        socket.write(new Uint8Array(1_000_000), () => setTimeout(() => socket.destroy(), 200));
      });
      socket.on("close", () => done());
    });
  await Promise.all([hangUp(), hangUp(), hangUp(), hangUp()]);
  const start = Date.now();
  expect((await post(upload(drawJpeg(50)))).status).toBe(200);
  expect(Date.now() - start).toBeLessThan(2_000);
});

it("finishes the computation of a client that hung up, for its next try", async () => {
  const picture = drawJpeg(51, 1000, 1000);
  const controller = new AbortController();
  const request = server
    .fetch("/v1/embeddings", { method: "POST", body: upload(picture), signal: controller.signal })
    .catch(() => undefined);
  setTimeout(() => controller.abort(), 40);
  await request;
  await eventually(async () =>
    expect((await server.fetch(`/v1/embeddings/${MODEL}/${sha256(picture)}`)).status).toBe(200),
  );
});

it("survives the model host: 503 while it is away, cached answers as ever, then back", async () => {
  await post(upload(drawJpeg(40)));
  await server.stopModelHost();
  const away = await eventually(async () => {
    const response = await post(upload(drawJpeg(41)));
    expect(response.status).toBe(503);
    return response;
  });
  expect(Number(away.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(away.headers.get("content-type")).toBe("application/problem+json");
  expect((await server.fetch("/health/live")).status).toBe(200);
  await eventually(async () => expect((await server.fetch("/health/ready")).status).toBe(503));
  expect((await post(upload(drawJpeg(40)))).status).toBe(200);
  await server.startModelHost();
  await eventually(async () => expect((await post(upload(drawJpeg(41)))).status).toBe(200), 40_000);
});

it("describes itself, and its reference needs no other server", async () => {
  const document = (await (await server.fetch("/openapi.json")).json()) as { paths: object };
  expect(Object.keys(document.paths).sort()).toEqual([
    "/health/live",
    "/health/ready",
    "/metrics",
    "/v1/boards",
    "/v1/boards/{id}",
    "/v1/boards/{id}/items",
    "/v1/boards/{id}/items/{item}",
    "/v1/boards/{id}/more",
    "/v1/catalog",
    "/v1/complete-the-look",
    "/v1/detect",
    "/v1/duplicates",
    "/v1/embeddings",
    "/v1/embeddings/{model}/{sha256}",
    "/v1/event-logs",
    "/v1/event-logs/{name}",
    "/v1/events",
    "/v1/item-vectors",
    "/v1/items",
    "/v1/items/{id}",
    "/v1/items/{id}/duplicates",
    "/v1/items/{id}/picture",
    "/v1/items/{id}:retry",
    "/v1/items:batch",
    "/v1/items:retry",
    "/v1/keys",
    "/v1/keys/{id}",
    "/v1/models",
    "/v1/models/{model}",
    "/v1/pictures/{sha256}",
    "/v1/search",
    "/v1/shop-the-look",
    "/v1/users/{id}",
    "/v1/users/{id}/feed",
    "/v1/users/{id}/interests",
  ]);
  const docs = await server.fetch("/docs");
  expect(docs.status).toBe(200);
  const html = await docs.text();
  for (const [, path] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    expect((await server.fetch(path!)).status).toBe(200);
  }
  expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});
